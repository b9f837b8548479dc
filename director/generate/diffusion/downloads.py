"""Which weights of a preset are on this machine, and how the others get here.

The hub's own cache is used, so what other programs have downloaded is found, and a download that was broken
off goes on where it stopped.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from director.errors import GeneratorError
from director.generate.diffusion.preset import Preset, Source
from director.generate.protocol import Progress

__all__ = ["LORA_FILE", "Need", "cached", "fetch", "fetch_needs", "needs"]

LORA_FILE: Final = "pytorch_lora_weights.safetensors"
"""What a LoRA's file is called where nobody says otherwise."""

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
        """In the cache, or a file or folder of this machine."""
        path = Path(self.source.id).expanduser()
        if path.is_file():
            return True
        if path.is_dir():
            return all(any(path.glob(probe)) for probe in self.probes)
        return all(cached(self.source, probe) is not None for probe in self.probes)


def cached(source: Source, file: str) -> Path | None:
    """Where a file of a source of the hub's is on this machine; None where it is not."""
    from huggingface_hub import try_to_load_from_cache

    found = try_to_load_from_cache(source.id, file, revision=source.revision)
    return Path(found) if isinstance(found, str) else None


def needs(chosen: Preset) -> tuple[Need, ...]:
    """All that a preset is made of."""
    return tuple(_needs(chosen))


def _needs(chosen: Preset) -> Iterator[Need]:
    if chosen.base.settings is not None:
        yield Need("base", chosen.base, (), ())
        smalls = tuple(f"{part}/{small}" for part in (*_BASE_PARTS, "vae") for small in _SMALL)
        needed = ("model_index.json", "unet/config.json", "tokenizer/tokenizer_config.json")
        settings = Source(id=chosen.base.settings, licence=chosen.base.licence)
        yield Need("settings and words", settings, ("model_index.json", *smalls), needed)
    else:
        yield _base(chosen)
    yield from _besides(chosen)


def _base(chosen: Preset) -> Need:
    weights = _weights(chosen.base)
    parts = (*_BASE_PARTS, *(() if chosen.vae is not None else ("vae",)))
    return Need(
        "base",
        chosen.base,
        (
            "model_index.json",
            *(f"{part}/{small}" for part in parts for small in _SMALL),
            *(f"{part}/{name}" for part in parts for name in (weights, _text_weights(chosen.base))),
        ),
        (f"unet/{weights}", f"text_encoder/{_text_weights(chosen.base)}"),
    )


def _besides(chosen: Preset) -> Iterator[Need]:
    for role, choice in chosen.taken.items():
        yield _single(f"ControlNet of {role}", choice.source)
    if chosen.vae is not None:
        yield _single("autoencoder", chosen.vae)
    if chosen.adapter is not None:
        file, folder = chosen.adapter.source.file or "*.safetensors", chosen.adapter.encoder.file or "."
        weights = f"{folder}/{_text_weights(chosen.adapter.encoder)}"
        yield Need("IP-Adapter", chosen.adapter.source, (file,), (file,))
        yield Need(
            "image encoder",
            chosen.adapter.encoder,
            (f"{folder}/config.json", f"{folder}/preprocessor_config.json", weights),
            (f"{folder}/config.json", weights),
        )
    for name, lora in chosen.loras.items():
        file = lora.source.file or LORA_FILE
        yield Need(f"LoRA {name}", lora.source, (file,), (file,))


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
    fetch_needs(needs(chosen), progress)


def fetch_needs(wanted: Iterable[Need], progress: Progress) -> None:
    """The same of needs that are told."""
    missing = [need for need in wanted if not need.is_here]
    for i, need in enumerate(missing):

        def tell(share: float, words: str, i: int = i, need: Need = need) -> None:
            progress((i + share) / len(missing), f"{need.role}, {need.source.id}: {words}")

        _fetch_one(need, tell)
        if not need.is_here:
            raise GeneratorError(
                f"has not all that is needed: {', '.join(need.probes)}",
                subject=need.source.id,
                mend="name a source or a revision that has it, in a file of data that extends the preset",
            )
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
            revision=need.source.revision,
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
