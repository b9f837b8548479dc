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
from director.generate.embedded.atmosphere import Atmosphere, atmosphere
from director.generate.embedded.compiled.build import kernels
from director.generate.embedded.direction_look import Directed
from director.generate.embedded.features import pixel_features
from director.generate.embedded.grade import grade_curves, saturation_matrix
from director.generate.embedded.halo import with_halo
from director.generate.embedded.history import Past, reprojected, steadied
from director.generate.embedded.indoors import with_weather_outside
from director.generate.embedded.inputs import MULTIPLE, SHELTER, as_seen, view_rays
from director.generate.embedded.light import light_from, with_mirror
from director.generate.embedded.look import SCENE
from director.generate.embedded.mirror import mirrored_pixels
from director.generate.embedded.network import Network, numbered
from director.generate.embedded.pieces import PIECE, piece_rows
from director.generate.embedded.shading import object_rows
from director.generate.embedded.shine import shining
from director.generate.embedded.silhouettes import smooth_silhouettes
from director.generate.embedded.style import styled
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
        network = _network(folder).to(self.device).eval().requires_grad_(False)
        self._network = network.halve(self.dtype)
        fit = self.device.type == "cpu" and self.dtype in (torch.float32, torch.bfloat16)
        self._kernels = kernels(self.threads) if compiled and fit else None
        self._spent: dict[str, float] = {}
        self._with_history = with_history
        self._last: _Last | None = None
        self._last_told: _Told | None = None
        self._pieces_of: tuple[bytes, bytes] = (b"", b"")
        self._pieces = np.zeros((0, PIECE), np.float32)
        self._graded_for: bytes = b""
        self._matrix = torch.eye(3, device=self.device)
        self._table = torch.zeros(_STEPS * 3, dtype=torch.uint8, device=self.device)
        self._channel = torch.arange(3, dtype=torch.int32, device=self.device)[:, None] * _STEPS

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
            picture = self._smooth(self._graded(light, directed.look)[None], structure)[0]
            if self._with_history:
                height, width = picture.shape[:2]
                whole = _padded(picture[None]).permute(0, 3, 1, 2).to(torch.float32) / 255
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
    def compiled(self) -> bool:
        """With kernels."""
        return self._kernels is not None

    @property
    def by(self) -> str:
        """What it computes with, and of which versions."""
        # A plain str: torch's version is a class of its own; unpickled in the viewport it would import torch.
        made = str(torch.__version__)
        return made if self._kernels is None else f"{made} with Numba {self._kernels.version}"

    def prepare(self) -> None:
        """Compile what is not yet; kept on disk for the next time."""
        if self._kernels is not None:
            with torch.inference_mode():
                self._kernels.prepare(self.dtype, *self._network.widths)

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
        return _padded(torch.from_numpy(values)[None].to(self.device))[0]

    def _light(
        self, conditioning: Conditioning, directed: Directed, history: Tensor | None
    ) -> tuple[Tensor, Tensor | None]:
        maps = conditioning.maps

        def given(name: str) -> Tensor:
            return torch.from_numpy(maps[name])[None].to(self.device)

        started = now_s()
        sun = torch.tensor([conditioning.sun_direction], dtype=torch.float32, device=self.device)
        rays = torch.from_numpy(view_rays(conditioning.view))[None].to(self.device)
        height, width = size = maps["depth"].shape
        depth, normal, shadow, lamplight, structure = (
            _padded(given(name)) for name in ("depth", "normal", "shadow", "lamplight", "structure")
        )
        seen = depth, normal, shadow, lamplight, structure, rays, sun, self.dtype, size
        if self._kernels is None:
            features, lit = pixel_features(*seen)
        else:
            features, lit = self._kernels.pixels(*seen)
        ids = _padded(torch.from_numpy(maps["object"].astype(np.int32))[None].to(self.device))
        rows = np.concatenate([np.zeros((1, directed.rows.shape[1]), np.float32), directed.rows])
        table = torch.from_numpy(rows)[None].to(self.device)
        shelter = _padded(given(SHELTER)) if SHELTER in maps else None
        look = torch.from_numpy(with_weather_outside(directed.look, maps))[None].to(self.device)
        ids = numbered(ids, table.shape[1])
        started = self._spend("pixels", started)
        if self._kernels is None:
            said, steady = self._network.says(features, ids, table, look, sun, history)
        else:
            told = self._told(table, look, sun)
            said, steady = self._network.says_by_kernels(features, ids, told.layers, history, self._kernels)
        started = self._spend("network", started)
        mirror = self._mirror(conditioning, directed.look)
        started = self._spend("mirror", started)
        if self._kernels is None:
            light = light_from(said, features, lit, structure, ids, table, look, mirror, shelter)
        else:
            surfaces = features, lit, structure, ids, told.own
            weather = told.air, look, mirror, shelter
            shaded = self._kernels.shaded(said, self._network.head_bias, *surfaces, *weather)
            light = self._kernels.shone(shaded, features, lit, ids, told.shining, told.air)
            light = with_mirror(light, shaded.mirrored, mirror)
            light = self._kernels.clouded(light, structure, lit, shaded.hidden, look, told.air)
            light = styled(with_halo(light, look), structure, lit[..., 7], look)
        self._spend("shading", started)
        return light[0, :, :height, :width], steady

    def _told(self, table: Tensor, look: Tensor, sun: Tensor) -> "_Told":
        """Worked out anew only where rows, look or sun are others than a picture ago."""
        asked = torch.cat([tensor.flatten() for tensor in (table, look, sun)])
        if self._last_told is None or not torch.equal(self._last_told.asked, asked):
            self._last_told = _Told(
                asked,
                self._network.tells(table, look, sun),
                atmosphere(look),
                object_rows(table, look),
                shining(table),
            )
        return self._last_told

    def _spend(self, stage: str, started: float) -> float:
        now = now_s()
        self._spent[stage] = now - started
        return now

    def _mirror(self, conditioning: Conditioning, look: NDArray[np.float32]) -> Tensor | None:
        """What wet floors mirror, padded; None where it is dry."""
        if look[_WET] < _WET_ENOUGH:
            return None
        maps, view = conditioning.maps, conditioning.view

        def given(array: NDArray[Any]) -> Tensor:
            return torch.from_numpy(np.ascontiguousarray(array)).to(self.device)

        seen = (
            given(maps["depth"]),
            given(maps["normal"][..., 1]),
            given(view_rays(view)),
            given(inverse_rigid(view.view_from_world)[:3, 3].astype(np.float32)),
            given(view.clip_from_world.astype(np.float32)),
            given(maps["structure"]),
        )
        height, width = maps["depth"].shape
        # Indices count the pixels of the padded picture.
        full_height, full_width = (-(-size // MULTIPLE) * MULTIPLE for size in (height, width))
        if self._kernels is not None:
            return self._kernels.mirrored(*seen, (full_height, full_width))
        mirror = mirrored_pixels(*seen)
        if mirror is None:
            return None
        beyond = torch.div(mirror, width, rounding_mode="floor") * (full_width - width)
        return _padded(torch.where(mirror >= 0, mirror + beyond, -1)[None])

    def _graded(self, light: Tensor, look: NDArray[np.float32]) -> Tensor:
        if look.tobytes() != self._graded_for:
            self._prepare_grade(torch.from_numpy(look)[None].to(self.device))
            self._graded_for = look.tobytes()
        if self._kernels is not None:
            return self._kernels.graded(light, self._matrix, self._table, _BEND)
        exposed = (self._matrix @ light.reshape(3, -1)).clamp_(0.0, 1e4)
        place = exposed.div_(exposed + _BEND).mul_(_STEPS - 1).round_().to(torch.int32)
        picture = self._table.index_select(0, place.add_(self._channel).flatten())
        return picture.view(light.shape).permute(1, 2, 0).contiguous()

    def _smooth(self, picture: Tensor, structure: Tensor) -> Tensor:
        if self._kernels is not None:
            return self._kernels.smooth(picture, structure)
        return smooth_silhouettes(picture, structure)

    def _prepare_grade(self, look: Tensor) -> None:
        self._matrix = saturation_matrix(look)[0]
        share = torch.arange(_STEPS, device=self.device) / (_STEPS - 1)
        light = _BEND * share / (1.0 - share).clamp_min(1e-6)
        values = grade_curves(light.expand(1, 3, _STEPS), look)[0]
        self._table = (values * 255 + 0.5).to(torch.uint8).flatten().contiguous()


@dataclass(frozen=True, slots=True, eq=False)
class _Told:
    """What kernels are told that no pixel has a part in, and what it was asked of."""

    asked: Tensor
    layers: tuple[Tensor, Tensor, Tensor]
    air: Atmosphere
    own: Tensor
    shining: Tensor


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


def _padded(tensor: Tensor) -> Tensor:
    """[1, h, w, …] with its last row and column repeated up to the network's multiple."""
    for axis in (1, 2):
        size = tensor.shape[axis]
        full = -(-size // MULTIPLE) * MULTIPLE
        if full != size:
            index = torch.arange(full, device=tensor.device).clamp_max(size - 1)
            tensor = tensor.index_select(axis, index)
    return tensor


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
