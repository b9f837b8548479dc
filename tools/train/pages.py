"""Teaches the painter's pages by themselves: what things of every class, variant and size show straight on.

    python -m tools.train.pages --out runs/pages --things 12000 --minutes 40

First the pages of so many things of random sets are drawn from their finished forms (goes on where it
stopped), then the network's objects and atlas are trained on them alone. No pictures are needed for it, and
no graphics card: a page is known exactly, whereas in a picture it is seen small, aslant and half hidden.
`tools.train.train --pages runs/pages/atlas.safetensors` begins with what was learnt.
"""

import argparse
import math
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, Final

import moderngl
import numpy as np
import torch
from numpy.typing import NDArray
from safetensors.torch import save_file
from torch import Tensor, nn
from torch.nn import functional

from director.clock import now_s
from director.generate.embedded.painter.atlas import known_objects
from director.generate.embedded.painter.network import Painter
from director.generate.embedded.painter.palette import GROUPS
from director.generate.embedded.painter.places import INSETS, PAGE_LAYERS, PAGES, SIDE
from director.generate.embedded.variants import VARIANTS
from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from director.scene.mesh import Mesh
from tools.teacher.finish import finishers
from tools.teacher.finish.forms import merged
from tools.teacher.finished import made_of
from tools.teacher.pages import INSET, NORMAL, PageCamera
from tools.teacher.sets import random_set
from tools.train.substances import group_of_stuff

__all__ = ["main", "page_loss", "things_of_set"]

SUBSTANCES: Final = len(GROUPS)
_CHUNK: Final = 500
# Sets from this number on; those of the pictures begin at 0, and none is wasted by being seen twice.
_FIRST_SET: Final = 3_000_000
_HELD_EVERY: Final = 12

Thing = tuple[int, NDArray[np.float32], NDArray[np.uint8], int]
"""Kind (class and variant), box float32[4], pages uint8 0..255, and the set it is of."""


def things_of_set(camera: PageCamera, number: int) -> Iterator[Thing]:
    """Every finished thing of a random set in one of its variants. Things alike are drawn once."""
    chosen = random_set(number)
    compiled = CompiledScene(chosen.scene)
    random = np.random.default_rng([number, 13])
    kinds, boxes = known_objects(compiled.objects, 0)
    seen: set[tuple[int, bytes]] = set()
    for i, proxy in enumerate(compiled.scene.objects):
        if proxy.class_name not in finishers():
            continue
        variant = int(random.integers(VARIANTS))
        kind = int(kinds[i + 1]) // VARIANTS * VARIANTS + variant
        alike = kind, np.round(boxes[i + 1], 1).tobytes()
        if alike in seen:
            continue
        seen.add(alike)
        meshes: dict[int, list[Mesh]] = {}
        for (stuff, _), mesh in made_of(proxy, proxy.parts(), variant, finishers())[0].items():
            meshes.setdefault(stuff, []).append(mesh)
        width, height, depth, repeats = (float(value) for value in boxes[i + 1])
        pages = camera.pages(
            {stuff: merged(parts) for stuff, parts in meshes.items()},
            (width, height, depth),
            repeats > 0,
            repeats < 0,
        )
        yield kind, boxes[i + 1], _packed(pages), number


def _packed(pages: NDArray[np.float32]) -> NDArray[np.uint8]:
    packed = pages.copy()
    packed[..., NORMAL] = packed[..., NORMAL] * 0.5 + 0.5
    packed[..., INSET] = (packed[..., INSET] - INSETS[0]) / (INSETS[1] - INSETS[0])
    return np.asarray(np.round(np.clip(packed, 0.0, 1.0) * 255), np.uint8)


def _unpacked(pages: Tensor) -> Tensor:
    return pages.float() * (1 / 255)


def page_loss(told: Tensor, pages: Tensor, is_shown: Tensor) -> Tensor:
    """How wrong what is `told` is against pages, both [n, PAGES, SIDE, SIDE, SUBSTANCES + PAGE_LAYERS], 0..1;
    `is_shown` bool[n, PAGES] leaves out pages that a thing does not have. Cross entropy of substances and of
    what shows through taken together, distances of normals and insets where there is something."""
    shares = pages[..., : SUBSTANCES + 1]
    cross = -(functional.log_softmax(told[..., : SUBSTANCES + 1], -1) * shares).sum(-1)
    solid = 1.0 - pages[..., SUBSTANCES]
    normal = (told[..., NORMAL] - pages[..., NORMAL]).abs().sum(-1) * solid
    inset = (told[..., INSET] - pages[..., INSET]).abs() * solid
    each = (cross + 0.7 * normal + 2.0 * inset).mean((2, 3))
    return (each * is_shown).sum() / is_shown.sum().clamp_min(1)


def _collect(context: moderngl.Context, folder: Path, count: int) -> None:
    """Draw pages until there are so many things, in files written whole or not at all."""
    camera = PageCamera(context, group_of_stuff())
    files = sorted(folder.glob("things-*.npz"))
    there = _CHUNK * len(files)
    number = _FIRST_SET
    if files:
        number = int(np.load(files[-1])["set"].max()) + 1
    waiting: list[Thing] = []
    started, before = now_s(), there
    while there < count:
        waiting += things_of_set(camera, number)
        number += 1
        while len(waiting) >= _CHUNK:
            part = folder / "things.part"
            kinds, boxes, pages, sets = zip(*waiting[:_CHUNK], strict=True)
            with part.open("wb") as file:
                np.savez_compressed(
                    file,
                    kind=np.array(kinds),
                    box=np.stack(boxes),
                    pages=np.stack(pages),
                    set=np.array(sets),
                )
            part.replace(folder / f"things-{there // _CHUNK:05d}.npz")
            waiting, there = waiting[_CHUNK:], there + _CHUNK
            left = (now_s() - started) / (there - before) * (count - there)
            print(f"{there}/{count} things drawn, {left / 60:.1f} min left", flush=True)


class _Things:
    def __init__(self, folder: Path, device: str) -> None:
        loaded = [np.load(file) for file in sorted(folder.glob("things-*.npz"))]
        if not loaded:
            raise FileNotFoundError(f"no things in {folder}")
        self.kinds = torch.from_numpy(np.concatenate([each["kind"] for each in loaded])).to(device)
        self.boxes = torch.from_numpy(np.concatenate([each["box"] for each in loaded])).to(device)
        self.pages = torch.from_numpy(np.concatenate([each["pages"] for each in loaded])).to(device)
        held = torch.from_numpy(
            np.concatenate([each["set"] for each in loaded]) % _HELD_EVERY == _HELD_EVERY - 1
        )
        self.train = (~held).nonzero()[:, 0].to(device)
        # The first sets alone hold nothing back.
        self.held = held.nonzero()[:, 0].to(device) if bool(held.any()) else self.train

    def batch(self, at: Tensor) -> tuple[Tensor, Tensor, Tensor, Tensor]:
        """Kinds [1, n], boxes [1, n, 4], pages [n, …] 0..1 and which of them there are bool[n, PAGES]."""
        boxes = self.boxes[at]
        shown = torch.ones(len(at), PAGES, dtype=torch.bool, device=boxes.device)
        shown[:, 5:] = boxes[:, 3:].abs() > 0.5
        return self.kinds[at][None], boxes[None], _unpacked(self.pages[at]), shown


class _Taught(nn.Module):
    """The painter's atlas."""

    def __init__(self) -> None:
        super().__init__()
        self.atlas = Painter().atlas

    def forward(self, kinds: Tensor, boxes: Tensor) -> Tensor:
        told: Tensor = self.atlas.tell(self.atlas.pages(kinds, boxes)).view(
            -1, PAGES, SIDE, SIDE, SUBSTANCES + PAGE_LAYERS
        )
        return told


def _judge(model: _Taught, things: _Things, most: int = 192) -> dict[str, float]:
    """On things of sets that nothing was learnt from: the loss, and the share of texels whose substance (or
    gap) is right, of all and of those that are not the thing's own."""
    with torch.inference_mode():
        losses, right, other = [], [], []
        chosen = things.held[:: max(1, len(things.held) // most)]
        for at in torch.split(chosen, 16):
            kinds, boxes, pages, shown = things.batch(at)
            told = model(kinds, boxes)
            losses.append(float(page_loss(told, pages, shown)))
            is_right = told[..., : SUBSTANCES + 1].argmax(-1) == pages[..., : SUBSTANCES + 1].argmax(-1)
            is_right, kind = is_right[shown], pages[..., : SUBSTANCES + 1].argmax(-1)[shown]
            right.append(float(is_right.float().mean()))
            other.append(float(is_right[(kind > 0) & (kind < SUBSTANCES)].float().mean()))
    return {"loss": _mean(losses), "right": _mean(right), "right_of_parts": _mean(other)}


def _mean(values: list[float]) -> float:
    return float(np.nanmean(values))


def _train(folder: Path, minutes: float, batch: int, rate: float, device: str) -> None:
    torch.manual_seed(0)
    things = _Things(folder, device)
    model = _Taught().to(device)
    file = folder / "atlas.pt"
    quick = [model.atlas.stock, model.atlas.objects.classes.weight, model.atlas.objects.kinds.weight]
    others = [p for p in model.parameters() if all(p is not one for one in quick)]
    optimiser = torch.optim.AdamW(
        [{"params": others, "share": 1.0}, {"params": quick, "share": 2.0}],
        betas=(0.9, 0.98),
        weight_decay=1e-4,
    )
    spent, step = 0.0, 0
    if file.exists():
        kept: dict[str, Any] = torch.load(file, map_location=device, weights_only=True)
        model.load_state_dict(kept["model"])
        optimiser.load_state_dict(kept["optimiser"])
        spent, step = kept["spent"], kept["step"]
    random = torch.Generator().manual_seed(step)
    mean, shown, saved = 0.0, now_s(), now_s()
    while spent < 60 * minutes:
        started = now_s()
        now = rate * (0.5 * (1 + math.cos(math.pi * spent / (60 * minutes))) * 0.98 + 0.02)
        for group in optimiser.param_groups:
            group["lr"] = now * group["share"] * min(1.0, (step + 1) / 100)
        at = things.train[torch.randint(len(things.train), (batch,), generator=random).to(device)]
        kinds, boxes, pages, is_shown = things.batch(at)
        value = page_loss(model(kinds, boxes), pages, is_shown)
        optimiser.zero_grad(set_to_none=True)
        value.backward()  # type: ignore[no-untyped-call]
        nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimiser.step()
        step += 1
        spent += now_s() - started
        mean = float(value.detach()) if mean == 0 else 0.98 * mean + 0.02 * float(value.detach())
        if now_s() - shown > 20:
            shown = now_s()
            print(f"step {step}: loss {mean:.4f}, {minutes - spent / 60:.1f} min left", flush=True)
        if now_s() - saved > 150 or spent >= 60 * minutes:
            saved = now_s()
            part = file.with_suffix(".part")
            state = {"model": model.state_dict(), "optimiser": optimiser.state_dict()}
            torch.save({**state, "spent": spent, "step": step}, part)
            part.replace(file)
            save_file(
                {name: value.contiguous() for name, value in model.state_dict().items()},
                folder / "atlas.safetensors",
            )
            found = ", ".join(f"{name} {value:.4f}" for name, value in _judge(model, things).items())
            print(f"step {step}: held out {found}", flush=True)


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.train.pages", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--out", type=Path, default=Path("runs/pages"))
    parser.add_argument("--things", type=int, default=12000)
    parser.add_argument("--minutes", type=float, default=40.0)
    parser.add_argument("--batch", type=int, default=12)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--device", default="cuda" if torch.cuda.is_available() else "cpu")
    chosen = parser.parse_args(arguments)
    chosen.out.mkdir(parents=True, exist_ok=True)
    if _CHUNK * len(list(chosen.out.glob("things-*.npz"))) < chosen.things:
        _collect(headless_context(), chosen.out, chosen.things)
    if chosen.minutes > 0:
        _train(chosen.out, chosen.minutes, chosen.batch, chosen.rate, chosen.device)
    return 0


if __name__ == "__main__":
    sys.exit(main())
