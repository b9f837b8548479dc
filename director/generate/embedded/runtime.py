"""The embedded generator at work: weights into a network, and one conditioning into one picture. Torch."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from safetensors import SafetensorError
from safetensors.torch import load_file
from torch import Tensor

from director.clock import now_s
from director.errors import GeneratorError
from director.generate.embedded.allocator import keep_memory
from director.generate.embedded.compiled.build import kernels
from director.generate.embedded.compiled.steps import KernelSteps
from director.generate.embedded.direction_look import Directed
from director.generate.embedded.grade import grade_curves, saturation_matrix
from director.generate.embedded.history import Past, reprojected, steadied
from director.generate.embedded.indoors import with_weather_outside
from director.generate.embedded.inputs import SHELTER, as_seen, view_rays
from director.generate.embedded.look import SCENE
from director.generate.embedded.network import Network, numbered
from director.generate.embedded.pieces import PIECE, piece_rows
from director.generate.embedded.steps import Given, Looking, Steps, TorchSteps, padded
from director.math3d import inverse_rigid
from director.scene.finish.finished import PIECES
from director.types import Conditioning

__all__ = ["Runtime", "weights_digest"]

_CONFIG, _WEIGHTS = Path("network/config.json"), Path("network/diffusion_pytorch_model.safetensors")
_MEND = "install the package again, or train new weights with python -m tools.train.train"
# The grade as a table: light x is looked up at x / (x + _BEND), finest where pictures are dark.
_STEPS, _BEND = 4096, 0.25
_WET, _WET_ENOUGH = SCENE.index("wet"), 0.15


def weights_digest(*folders: Path) -> str:
    """sha256 over every file of the folders of weights, by name."""
    digest = hashlib.sha256()
    for folder in folders:
        for file in sorted(path for path in folder.rglob("*") if path.is_file() and path.suffix != ".md"):
            digest.update(file.relative_to(folder).as_posix().encode())
            digest.update(file.read_bytes())
    return digest.hexdigest()


class Runtime:
    """A loaded network on a device. Used by one thread."""

    def __init__(
        self,
        folder: Path,
        device: str,
        dtype: str,
        threads: int,
        with_history: bool = False,
        compiled: bool = True,
    ) -> None:
        """`device` and `dtype` as in GeneratorSettings; `with_history` steadies each picture by the one
        before; `compiled`: with kernels where they can be had. Raises GeneratorError with the mend."""
        self.threads = threads or torch.get_num_threads()
        torch.set_num_threads(self.threads)
        keep_memory()
        self.device = _device(device)
        self.dtype = _dtype(dtype, self.device)
        network = _network(folder).to(self.device).eval().requires_grad_(False).halve(self.dtype)
        fit = self.device.type == "cpu" and self.dtype in (torch.float32, torch.bfloat16)
        found = kernels(self.threads) if compiled and fit else None
        plain = TorchSteps(network, self.dtype)
        self.steps: Steps = plain if found is None else KernelSteps(network, self.dtype, found)
        self._spent: dict[str, float] = {}
        self._with_history = with_history
        self._last: _Last | None = None
        self._pieces_of: tuple[bytes, bytes] = (b"", b"")
        self._pieces = np.zeros((0, PIECE), np.float32)
        self._graded_for: bytes = b""
        self._matrix = torch.eye(3, device=self.device)
        self._table = torch.zeros(_STEPS * 3, dtype=torch.uint8, device=self.device)

    def draw(self, conditioning: Conditioning, directed: Directed) -> NDArray[np.uint8]:
        """uint8[h, w, 3], sRGB, of the size of the conditioning's maps."""
        rows = self._rows_of_pieces(directed.rows, conditioning.maps[PIECES])
        directed = replace(directed, rows=rows)
        conditioning = replace(conditioning, maps=as_seen(conditioning.maps))
        with torch.inference_mode():
            history = self._history(conditioning, directed) if self._with_history else None
            light, steady = self._light(conditioning, directed, history)
            started = now_s()
            structure = torch.from_numpy(conditioning.maps["structure"])[None].to(self.device)
            picture = self.steps.smooth(self._graded(light, directed.look)[None], structure)[0]
            if self._with_history:
                height, width = picture.shape[:2]
                whole = padded(picture[None]).permute(0, 3, 1, 2).to(torch.float32) / 255
                if history is not None and steady is not None:
                    whole = steadied(whole, history, steady)
                    picture = (whole[0, :, :height, :width] * 255 + 0.5).to(torch.uint8).permute(1, 2, 0)
                self._last = _Last(conditioning, directed, self._past(whole[0], conditioning))
            self._spend("grade", started)
            return picture.contiguous().cpu().numpy()

    def _rows_of_pieces(self, rows: NDArray[np.float32], pieces: NDArray[np.int32]) -> NDArray[np.float32]:
        key = rows.tobytes(), pieces.tobytes()
        if key != self._pieces_of:
            self._pieces_of, self._pieces = key, piece_rows(rows, pieces)
        return self._pieces

    @property
    def spent(self) -> Mapping[str, float]:
        """Seconds that each stage of the last picture took."""
        return self._spent

    def forget(self) -> None:
        """Draw the next picture without a history."""
        self._last = None

    def _history(self, conditioning: Conditioning, directed: Directed) -> Tensor | None:
        last = self._last
        if last is None or not last.goes_on(conditioning, directed):
            return None
        depth, ids, anchor = (self._map(conditioning, name) for name in ("depth", "object", "anchor"))
        rays = torch.from_numpy(view_rays(conditioning.view)).to(self.device)
        camera = inverse_rigid(conditioning.view.view_from_world)[:3, 3].astype(np.float32)
        place = torch.from_numpy(camera).to(self.device)
        size = conditioning.maps["depth"].shape
        return reprojected(last.past, depth, ids, rays, place, size, anchor)[None]

    def _past(self, picture: Tensor, conditioning: Conditioning) -> Past:
        depth, ids, anchor = (self._map(conditioning, name) for name in ("depth", "object", "anchor"))
        clip = torch.from_numpy(conditioning.view.clip_from_world.astype(np.float32)).to(self.device)
        return Past.of(picture, depth, ids, clip, conditioning.maps["depth"].shape, anchor)

    def _map(self, conditioning: Conditioning, name: str) -> Tensor:
        values = conditioning.maps[name]
        values = values.astype(np.int32) if name == "object" else values
        return padded(torch.from_numpy(values)[None].to(self.device))[0]

    def _light(
        self, conditioning: Conditioning, directed: Directed, history: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        started = now_s()
        given = self._given(conditioning, directed, history)
        features, lit = self.steps.features(given)
        started = self._spend("pixels", started)
        said, steady = self.steps.says(given, features)
        started = self._spend("network", started)
        is_wet = directed.look[_WET] >= _WET_ENOUGH
        mirror = self.steps.mirrored(given) if is_wet else None
        started = self._spend("mirror", started)
        light = self.steps.light(given, features, lit, said, mirror)
        self._spend("shading", started)
        height, width = given.size
        return light[0, :, :height, :width], steady

    def _given(self, conditioning: Conditioning, directed: Directed, history: Tensor | None) -> Given:
        maps, view = conditioning.maps, conditioning.view

        def tensor(array: NDArray[Any]) -> Tensor:
            return torch.from_numpy(array)[None].to(self.device)

        depth, normal, shadow, lamplight, structure = (
            padded(tensor(maps[name])) for name in ("depth", "normal", "shadow", "lamplight", "structure")
        )
        rows = np.concatenate([np.zeros((1, directed.rows.shape[1]), np.float32), directed.rows])
        camera = inverse_rigid(view.view_from_world)[:3, 3].astype(np.float32)
        height, width = maps["depth"].shape
        return Given(
            (height, width),
            depth,
            normal,
            shadow,
            lamplight,
            structure,
            numbered(padded(tensor(maps["object"].astype(np.int32))), len(rows)),
            tensor(rows),
            tensor(with_weather_outside(directed.look, maps)),
            torch.tensor([conditioning.sun_direction], dtype=torch.float32, device=self.device),
            Looking(
                tensor(view_rays(view))[0],
                tensor(camera)[0],
                tensor(view.clip_from_world.astype(np.float32))[0],
            ),
            padded(tensor(maps[SHELTER])) if SHELTER in maps else None,
            history,
        )

    def _spend(self, stage: str, started: float) -> float:
        now = now_s()
        self._spent[stage] = now - started
        return now

    def _graded(self, light: Tensor, look: NDArray[np.float32]) -> Tensor:
        if look.tobytes() != self._graded_for:
            self._prepare_grade(torch.from_numpy(look)[None].to(self.device))
            self._graded_for = look.tobytes()
        return self.steps.graded(light, self._matrix, self._table, _BEND)

    def _prepare_grade(self, look: Tensor) -> None:
        self._matrix = saturation_matrix(look)[0]
        share = torch.arange(_STEPS, device=self.device) / (_STEPS - 1)
        light = _BEND * share / (1.0 - share).clamp_min(1e-6)
        values = grade_curves(light.expand(1, 3, _STEPS), look)[0]
        self._table = (values * 255 + 0.5).to(torch.uint8).flatten().contiguous()


@dataclass(frozen=True, slots=True, eq=False)
class _Last:
    """The picture before, and what it was drawn from."""

    conditioning: Conditioning
    directed: Directed
    past: Past

    def goes_on(self, conditioning: Conditioning, directed: Directed) -> bool:
        """Whether a conditioning continues it: later, of one size and of the same objects, directed alike."""
        return (
            conditioning.tick.index > self.conditioning.tick.index
            and conditioning.direction.seed == self.conditioning.direction.seed
            and conditioning.objects == self.conditioning.objects
            and conditioning.maps["depth"].shape == self.conditioning.maps["depth"].shape
            and np.array_equal(directed.look, self.directed.look)
            and np.array_equal(directed.rows, self.directed.rows)
        )


def _network(folder: Path) -> Network:
    try:
        config = json.loads((folder / _CONFIG).read_text("utf-8"))
        known = {name: value for name, value in config.items() if not name.startswith("_")}
        known["widths"] = tuple(known["widths"])
        network = Network(**known)
        network.load_state_dict({name: value.float() for name, value in load_file(folder / _WEIGHTS).items()})
    except (OSError, ValueError, KeyError, TypeError, RuntimeError, SafetensorError) as error:
        raise GeneratorError(
            f"its weights cannot be loaded: {error}", subject=str(folder / _WEIGHTS), mend=_MEND
        ) from error
    return network


def _device(name: str) -> torch.device:
    if name == "auto":
        return torch.device("cuda" if torch.cuda.is_available() else "cpu")
    try:
        device = torch.device(name)
        torch.empty(1, device=device)
    except (RuntimeError, AssertionError) as error:
        raise GeneratorError(
            f"cannot run on {name}: {error}", subject="generator embedded", mend="choose the device cpu"
        ) from error
    return device


def _dtype(name: str, device: torch.device) -> torch.dtype:
    if name == "auto":
        if device.type == "cpu" and not torch.cpu._is_avx512_bf16_supported():
            return torch.float32
        return torch.bfloat16 if device.type in ("cpu", "cuda") else torch.float32
    found = {"float32": torch.float32, "bfloat16": torch.bfloat16, "float16": torch.float16}.get(name)
    if found is None:
        raise GeneratorError(
            f"has no type {name!r}", subject="generator embedded", mend="auto, float32, bfloat16 or float16"
        )
    return found
