"""Which weights of a preset are on this machine, and how the others get here.

The hub's own cache is used, so what other programs have downloaded is found, and a download that was broken
off goes on where it stopped.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from director.errors import GeneratorError
from director.generate.diffusion.preset import Preset, Source
from director.generate.protocol import Progress

__all__ = ["Need", "fetch", "needs"]

_BASE_PARTS = ("unet", "text_encoder", "text_encoder_2", "tokenizer", "tokenizer_2", "scheduler")
_SMALL = ("*.json", "*.txt")


@dataclass(frozen=True, slots=True)
class Need:
    """A source of a preset, what it is for, and whether all of it is here."""

    role: str
    source: Source
    patterns: tuple[str, ...]
    probes: tuple[str, ...]

    @property
    def is_here(self) -> bool:
        """In the cache, or a folder of this machine."""
        folder = Path(self.source.id).expanduser()
        if folder.is_dir():
            return all(any(folder.glob(probe)) for probe in self.probes)
        from huggingface_hub import try_to_load_from_cache

        return all(isinstance(try_to_load_from_cache(self.source.id, probe), str) for probe in self.probes)


def needs(chosen: Preset) -> tuple[Need, ...]:
    """All that a preset is made of."""
    return tuple(_needs(chosen))


def _needs(chosen: Preset) -> Iterator[Need]:
    weights = _weights(chosen.base)
    parts = (*_BASE_PARTS, *(() if chosen.vae is not None else ("vae",)))
    yield Need(
        "base",
        chosen.base,
        (
            "model_index.json",
            *(f"{part}/{small}" for part in parts for small in _SMALL),
            *(f"{part}/{name}" for part in parts for name in (weights, _text_weights(chosen.base))),
        ),
        (f"unet/{weights}", f"text_encoder/{_text_weights(chosen.base)}"),
    )
    for role, choice in chosen.controls.items():
        yield _single(f"ControlNet of {role}", choice.source)
    if chosen.vae is not None:
        yield _single("autoencoder", chosen.vae)
    if chosen.lora is not None:
        yield Need("LoRA", chosen.lora, ("*.safetensors",), ("pytorch_lora_weights.safetensors",))


def _single(role: str, source: Source) -> Need:
    weights = _weights(source)
    return Need(role, source, ("config.json", weights), ("config.json", weights))


def _weights(source: Source) -> str:
    return f"diffusion_pytorch_model{_variant(source)}.safetensors"


def _text_weights(source: Source) -> str:
    return f"model{_variant(source)}.safetensors"


def _variant(source: Source) -> str:
    return f".{source.variant}" if source.variant else ""


def fetch(chosen: Preset, progress: Progress) -> None:
    """Download what is not here. Raises GeneratorError with the mend; what has come stays, and the next call
    goes on from it."""
    missing = [need for need in needs(chosen) if not need.is_here]
    for i, need in enumerate(missing):

        def tell(share: float, words: str, i: int = i, need: Need = need) -> None:
            progress((i + share) / len(missing), f"{need.role}, {need.source.id}: {words}")

        _fetch_one(need, tell)
    progress(1.0, "all here")


def _fetch_one(need: Need, progress: Progress) -> None:
    from huggingface_hub import snapshot_download
    from huggingface_hub.errors import (
        GatedRepoError,
        HfHubHTTPError,
        LocalEntryNotFoundError,
        OfflineModeIsEnabled,
        RepositoryNotFoundError,
    )

    subject = need.source.id
    try:
        snapshot_download(
            subject,
            allow_patterns=list(need.patterns),
            tqdm_class=_told_to(progress),
        )
    except GatedRepoError as error:
        raise GeneratorError(
            "is only for those who have accepted its licence",
            subject=subject,
            mend="accept it on its page at the hub, then: hf auth login",
        ) from error
    except RepositoryNotFoundError as error:
        raise GeneratorError(
            "is not on the hub, or not for you",
            subject=subject,
            mend="check the id; for a private model log in with: hf auth login",
        ) from error
    except (LocalEntryNotFoundError, OfflineModeIsEnabled) as error:
        raise GeneratorError(
            "is not here, and the hub cannot be reached",
            subject=subject,
            mend="check the network and HF_HUB_OFFLINE, or name a folder",
        ) from error
    except (HfHubHTTPError, OSError) as error:
        raise GeneratorError(
            f"cannot be downloaded: {' '.join(str(error).split())[:160]}",
            subject=subject,
            mend="run it again: it goes on where it stopped",
        ) from error


def _told_to(progress: Progress) -> Any:
    """A progress bar of the hub's that tells ours: by bytes where it counts them, else by files."""
    from tqdm.auto import tqdm

    class Told(tqdm):  # type: ignore[misc]
        def __init__(self, *arguments: Any, **settings: Any) -> None:
            settings = {**settings, "disable": False, "file": _Nowhere()}
            settings.pop("name", None)
            super().__init__(*arguments, **settings)

        def update(self, n: float | None = 1) -> bool | None:
            done: bool | None = super().update(n)
            if self.total and self.unit == "B":
                words = f"{self.n / 2**20:.0f} of {self.total / 2**20:.0f} MB"
                progress(min(1.0, self.n / self.total), words)
            return done

    return Told


class _Nowhere:
    """What the bars write to: ours are shown elsewhere."""

    write: Callable[[str], int] = staticmethod(len)

    def flush(self) -> None:
        pass
