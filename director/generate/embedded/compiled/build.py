"""Kernels at hand: the made source compiled, kept on disk, and called with tensors."""

import importlib.util
import os
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional

from director.compiling import Compiler, has_numba
from director.generate.embedded.atmosphere import Atmosphere, atmosphere
from director.generate.embedded.clouds import STEPS, slopes
from director.generate.embedded.compiled.formulas import (
    AIR,
    SHADED,
    halo_source,
    pixels_source,
    places_source,
    shading_source,
    shining_source,
    sky_source,
)
from director.generate.embedded.compiled.source import module_source
from director.generate.embedded.features import FEATURES, LIT, STRUCTURE, middles
from director.generate.embedded.look import SCENE
from director.generate.embedded.mirror import floor_level
from director.generate.embedded.shading import OBJECT, SAYS, Shaded
from director.generate.embedded.shine import light_around
from director.generate.embedded.tones import enlarged

__all__ = ["Kernels", "kernels"]


def kernels(threads: int) -> "Kernels | None":
    """Those of this process, shared out among so many threads; None where Numba is not installed."""
    return Kernels(threads) if has_numba() else None


class Kernels:
    """The generator's loops, for float32 and bfloat16 on a CPU. Tensors are of a batch of one."""

    def __init__(self, threads: int) -> None:
        """Compiles nothing yet."""
        source = module_source(_kernel_sources())
        own = sorted(Path(__file__).parent.parent.rglob("*.py"))
        self._compiler = Compiler("generator", own, source, threads)
        from director.generate.embedded.compiled import loops
        from director.generate.embedded.compiled.mirror import mirrored

        self.version = self._compiler.version
        self._made = _loaded(self._compiler.folder, source)
        self._loops, self._mirrored, self._run = loops, mirrored, self._compiler.run
        self._of_widths: dict[tuple[str, int], Any] = {}

    def prepare(self, dtype: torch.dtype, width: int, late: int) -> None:
        """Compile all of it, for pixels of `width` channels before the U-Net and of `late` after it."""
        side = 16
        maps = [torch.zeros(1, side, side, *rest) for rest in ((), (3,))]
        levels = torch.zeros(1, side, side, STRUCTURE, dtype=torch.uint8)
        ids, sun = torch.zeros(1, side, side, dtype=torch.int32), torch.tensor([[0.0, 1.0, 0.0]])
        given = maps[0], maps[1], levels[..., 0].contiguous(), maps[1], levels
        features, lit = self.pixels(*given, torch.ones(1, 3, 3), sun, dtype, (side, side))
        x = torch.zeros(side * side, width, dtype=dtype)
        self.modulated(x, ids, torch.zeros(1, 1, width), torch.zeros(1, 1, width))
        x = torch.zeros(side * side, late, dtype=dtype)
        self.met(x, torch.zeros(side * side // 16, 16 * late, dtype=dtype), side)
        picture = x.view(1, side, side, -1).permute(0, 3, 1, 2)
        self.added(picture, picture)
        said, look = torch.zeros(SAYS, side * side, dtype=dtype), torch.zeros(1, len(SCENE))
        air = atmosphere(look)
        own = torch.zeros(1, 1, OBJECT)
        found = self.shaded(said, said[:, 0], features, lit, levels, ids, own, air, look, None, None)
        light = self.shone(found, features, lit, ids, torch.zeros(1, 1, 3), air)
        floor = torch.ones(side, side)
        camera, below = torch.tensor([0.0, 5.0, 0.0]), torch.zeros(3, 3)
        below[0, 1] = -1.0
        self.mirrored(floor, floor, below, camera, torch.eye(4), levels[0], (side, side))
        light = self.clouded(light, levels, lit, found.hidden, look, air)
        light = self.enlarged_onto(light, light[:, :, ::4, ::4])
        graded = self.graded(light[0], torch.eye(3), torch.zeros(3, 2, dtype=torch.uint8), 1.0)
        self.smooth(graded[None], levels)

    def pixels(
        self,
        depth: Tensor,
        normal: Tensor,
        shadow: Tensor,
        lamplight: Tensor,
        structure: Tensor,
        rays: Tensor,
        sun: Tensor,
        dtype: torch.dtype,
        size: tuple[int, int],
    ) -> tuple[Tensor, Tensor]:
        """As features.pixel_features, of maps [1, h, w, …] that are padded to h × w from `size`:
        what is beyond repeats the last row and column."""
        _, height, width = depth.shape
        features = torch.empty(1, FEATURES, height, width, dtype=dtype)
        lit = torch.empty(1, LIT, height, width)
        device = depth.device
        across, down = middles(width, size[1], device), middles(height, size[0], device)
        threes = _in_fours(normal), _in_fours(lamplight)
        given = (depth, threes[0], shadow, threes[1], structure, rays, sun, across, down)
        arrays = [_flat(tensor) for tensor in (*given, features, lit)]
        self._run(self._made.pixels, *arrays, height, width)
        return features.permute(0, 2, 3, 1), lit.permute(0, 2, 3, 1)

    def modulated(self, x: Tensor, ids: Tensor, scale: Tensor, shift: Tensor) -> Tensor:
        """relu(x · scale + shift), in place: x [h · w, c], scale and shift float32[1, n, c] of objects,
        ids int32[1, h, w]."""
        kernel = self._of_width("modulated", x.shape[1])
        self._run(kernel, _in_place(x), _flat(ids), _flat(scale), _flat(shift), ids.shape[1])
        return x

    def met(self, x: Tensor, around: Tensor, width: int) -> Tensor:
        """relu(x + around), in place: x [h · w, c] of pictures `width` across, around [h / 4 · w / 4, 16 · c]
        has for each four by four pixels their numbers, row by row."""
        kernel = self._of_width("met", x.shape[1])
        self._run(kernel, _in_place(x), _flat(around), len(x) // width, width)
        return x

    def _of_width(self, name: str, width: int) -> Any:
        if (name, width) not in self._of_widths:
            self._of_widths[name, width] = getattr(self._loops, name)(width)
        return self._of_widths[name, width]

    def added(self, x: Tensor, more: Tensor) -> Tensor:
        """x + more, in place: [1, c, h, w] with channels last in memory."""
        arrays = _in_place(x.permute(0, 2, 3, 1)), _flat(more.permute(0, 2, 3, 1))
        self._run(self._loops.added, *arrays, x.shape[2])
        return x

    def shaded(
        self,
        said: Tensor,
        bias: Tensor,
        features: Tensor,
        lit: Tensor,
        structure: Tensor,
        ids: Tensor,
        own: Tensor,
        air: Atmosphere,
        look: Tensor,
        mirror: Tensor | None,
        shelter: Tensor | None,
    ) -> Shaded:
        """As shading.shaded, from said [SAYS, h · w] without its bias [SAYS], features
        [1, h, w, FEATURES] and lit float32[1, h, w, LIT] channel by channel in memory, ids int32[1, h, w] and
        own float32[1, n, OBJECT]."""
        _, height, width = ids.shape
        out = torch.empty(1, sum(SHADED.values()), height, width)
        mirror = torch.full((1, height, width), -1) if mirror is None else mirror
        shelter = torch.zeros(1, height, width, dtype=torch.uint8) if shelter is None else shelter
        arrays = (
            _flat(said),
            _flat(bias),
            _flat(features.permute(0, 3, 1, 2)),
            _flat(lit.permute(0, 3, 1, 2)),
            _flat(structure),
            _flat(ids),
            own[0].t().contiguous().numpy(),
            _flat(torch.cat([*_of_scene(air), look.reshape(-1)])),
            _flat(mirror),
            _flat(shelter),
            _flat(out),
        )
        self._run(self._made.shading, *arrays, height, width)
        mirrored, clear, hidden, pane = out[:, 6:].unbind(1)
        return Shaded(out[:, :3], out[:, 3:6], mirrored, clear, hidden, pane)

    def shone(
        self, found: Shaded, features: Tensor, lit: Tensor, ids: Tensor, own: Tensor, air: Atmosphere
    ) -> Tensor:
        """The light of what was found, changed in place by what shine.with_shine adds to it: `own`
        float32[1, n, 3] as of shine.shining, the rest as of `shaded`."""
        _, height, width = ids.shape
        arrays = [
            _flat(tensor)
            for tensor in (
                found.pane,
                found.clear,
                features.permute(0, 3, 1, 2),
                lit.permute(0, 3, 1, 2),
                ids,
            )
        ]
        self._run(
            self._made.shining,
            _in_place(found.light),
            _flat(found.colour),
            light_around(found.light)[0].contiguous().numpy(),
            *arrays,
            own[0].t().contiguous().numpy(),
            _flat(torch.cat(_of_scene(air))),
            height,
            width,
        )
        return found.light

    def clouded(
        self, light: Tensor, structure: Tensor, lit: Tensor, hidden: Tensor, look: Tensor, air: Atmosphere
    ) -> Tensor:
        """Light [1, 3, h, w], changed in place as clouds.with_clouds has it: lit as of `shaded`."""
        _, _, height, width = light.shape
        rows, columns = torch.arange(height).float(), torch.arange(width).float()
        planes = lit.permute(0, 3, 1, 2)
        places = torch.empty(STEPS * height * width)
        ways = (*slopes(planes[:, 8]), planes, rows, columns, places)
        self._run(self._made.places, *map(_flat, ways), height, width)
        scene = torch.cat([*_of_scene(air), look.reshape(-1)])
        given = hidden, structure, planes, scene, places
        self._run(self._made.sky, _in_place(light), *map(_flat, given), height, width)
        return light

    def enlarged_onto(self, light: Tensor, added: Tensor) -> Tensor:
        """Light [1, 3, h, w], changed in place by what is added to it, [1, 3, …, …], enlarged to its size."""
        height, width = light.shape[2:]
        coarse = added[0].contiguous().numpy()
        self._run(self._made.halo, _in_place(light), coarse, height, width)
        return light

    def mirrored(
        self,
        depth: Tensor,
        up: Tensor,
        rays: Tensor,
        camera: Tensor,
        clip_from_world: Tensor,
        structure: Tensor,
        size: tuple[int, int],
    ) -> Tensor | None:
        """As mirror.mirrored_pixels, padded: int64[1, *size], whose indices count the pixels of that size."""
        level = floor_level(depth, up, rays, camera)
        if level is None:
            return None
        out = torch.empty(1, *size, dtype=torch.int64)
        given = depth, up.float(), rays, camera, clip_from_world, structure
        larger = np.float32(enlarged(depth.shape[0]))
        arrays = [tensor.contiguous().numpy() for tensor in given]
        self._run(self._mirrored, *arrays, np.float32(level), larger, out[0].numpy())
        return out

    def smooth(self, picture: Tensor, structure: Tensor) -> Tensor:
        """As silhouettes.smooth_silhouettes, of one picture uint8[1, h, w, 3]."""
        out = torch.empty_like(picture)
        arrays = [tensor[0].contiguous().numpy() for tensor in (picture, structure, out)]
        self._run(self._loops.smoothed, *arrays)
        return out

    def graded(self, light: Tensor, matrix: Tensor, table: Tensor, bend: float) -> Tensor:
        """uint8[h, w, 3] of light [3, h, w], by a matrix float32[3, 3] and a table uint8[3 · steps] in which
        light x is found at x / (x + bend)."""
        _, height, width = light.shape
        out = torch.empty(height, width, 3, dtype=torch.uint8)
        tables = table.view(3, -1).numpy()
        self._run(
            self._loops.graded,
            _flat(light),
            matrix.contiguous().numpy(),
            tables,
            np.float32(bend),
            _flat(out),
            height,
        )
        return out


def _of_scene(air: Atmosphere) -> list[Tensor]:
    return [getattr(air, field).reshape(-1) for field in AIR]


def _in_fours(tensor: Tensor) -> Tensor:
    """float32, flat: of each pixel of [1, h, w, 3] its numbers, and one that means nothing, but for the last.
    What is read back from OpenGL has a fourth there: to leave it out takes longer than to convert it too."""
    _, height, width, _ = tensor.shape
    if tensor.stride() == (4 * height * width, 4 * width, 4, 1):
        return tensor.as_strided((4 * height * width - 1,), (1,), tensor.storage_offset()).float()
    return functional.pad(tensor.float(), (0, 1)).flatten()


def _flat(tensor: Tensor) -> Any:
    """The numbers of a tensor one after the other; of bfloat16s their bits."""
    return _in_place(tensor.contiguous())


def _in_place(tensor: Tensor) -> Any:
    """As `_flat`, of what is to be changed: a tensor that lies in memory as it is read."""
    tensor = tensor.view(-1)
    return (tensor.view(torch.uint16) if tensor.dtype == torch.bfloat16 else tensor).numpy()


def _kernel_sources() -> list[str]:
    return [
        pixels_source("pixels"),
        shading_source("shading"),
        shining_source("shining"),
        halo_source("halo"),
        places_source("places"),
        sky_source("sky"),
    ]


def _loaded(folder: Path, source: str) -> ModuleType:
    """The module of the formulas' kernels, in the folder where what is compiled of them is kept."""
    name = f"director_kernels_{folder.name}"
    if name in sys.modules:
        return sys.modules[name]
    path = _written(folder, f"{name}.py", source)
    spec = importlib.util.spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    # What was compiled is found again by the name of its module.
    sys.modules[name] = module
    spec.loader.exec_module(module)
    return module


def _written(folder: Path, name: str, source: str) -> Path:
    """The file, whole; left alone where it is there already, as what was compiled goes by its age."""
    path = folder / name
    if not path.is_file() or path.read_text(encoding="utf-8") != source:
        part = folder / f"{name}.{os.getpid()}.part"
        part.write_text(source, encoding="utf-8")
        part.replace(path)
    return path
