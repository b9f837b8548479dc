"""The frozen contact sheet: 24 held-out sets, each with a scene prompt as a user would write it.

    python -m tools.teacher.sheet --out runs/sheet/teacher.png

By this sheet the teacher is accepted by eye. Sets and views follow from seeds; the prompts go through the
text understanding. `--rough` draws the same without finishing, to compare.
"""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray
from PIL import Image

from director.passes.context import headless_context
from director.scene.compile import CompiledScene
from tools.teacher.directed import directed
from tools.teacher.finished import FinishedScene
from tools.teacher.look import captioned
from tools.teacher.render import Teacher
from tools.teacher.sets import RandomSet, random_set
from tools.teacher.views import random_view, worth_drawing

__all__ = ["FIRST_SET", "SHEET", "main", "shown"]

FIRST_SET: Final = 1_000_000
"""Sets from this seed on are in no training data."""

# The kind of set, which of the held-out ones of that kind, which of its views, and the prompt.
SHEET: Final[tuple[tuple[str, int, int, str], ...]] = (
    ("street", 3, 1, "golden hour in an old town, long shadows"),
    ("street", 2, 2, "rainy neon night"),
    ("living room", 3, 0, "warm evening lamp light"),
    ("harbour", 1, 0, "clear summer morning, blue sky with puffy clouds"),
    ("market", 1, 1, "bright noon"),
    ("landscape", 3, 1, "sunset with red clouds"),
    ("kitchen", 0, 1, "sunny morning"),
    ("traffic", 1, 2, "wet street after rain, overcast"),
    ("village", 1, 2, "deep snow, winter morning"),
    ("bar", 1, 1, "dim bar at night, neon"),
    ("forest", 0, 1, "misty dawn"),
    ("car park", 0, 1, "film noir"),
    ("square", 0, 1, "late afternoon in autumn"),
    ("library", 2, 0, "candlelight"),
    ("beach", 1, 1, "hot summer noon"),
    ("road", 3, 0, "desert at dusk"),
    ("crowd", 2, 1, "bright overcast day"),
    ("stage", 0, 1, "concert, purple and blue light"),
    ("roofs", 1, 2, "clear night, full moon"),
    ("hall", 0, 2, "oil painting, warm light"),
    ("park", 0, 2, "watercolour, spring morning"),
    ("terrace", 0, 2, "comic book, sunny day"),
    ("farm", 1, 2, "approaching thunderstorm"),
    ("single", 1, 1, "sunny late afternoon"),
)
_TRIES: Final = 12


def main(arguments: Sequence[str] | None = None) -> int:
    parser = argparse.ArgumentParser(prog="tools.teacher.sheet", description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--size", default="400x225")
    parser.add_argument("--only", help="places on the sheet, such as 0,3,17")
    parser.add_argument("--rough", action="store_true", help="without finishing")
    chosen = parser.parse_args(arguments)
    width, height = (int(value) for value in chosen.size.split("x"))
    places = [int(v) for v in chosen.only.split(",")] if chosen.only else range(len(SHEET))
    teacher = Teacher(headless_context(), width, height)
    pictures = [shown(teacher, place, chosen.rough) for place in places]
    columns = min(4, len(pictures))
    pictures += [np.zeros_like(pictures[0])] * (-len(pictures) % columns)
    rows = [np.hstack(pictures[i : i + columns]) for i in range(0, len(pictures), columns)]
    chosen.out.parent.mkdir(parents=True, exist_ok=True)
    Image.fromarray(np.vstack(rows)).save(chosen.out)
    return 0


def shown(teacher: Teacher, place: int, rough: bool = False) -> NDArray[np.uint8]:
    """One picture of the sheet with its caption."""
    kind, which, view_seed, prompt = SHEET[place]
    made = held_out_set(kind, which)
    compiled = CompiledScene(made.scene)
    state = compiled.at(0.0)
    finished = FinishedScene(compiled, {} if rough else None).at(state)
    random = np.random.default_rng([place, view_seed, 5])
    for _ in range(_TRIES):
        view = random_view(made, teacher.width / teacher.height, random, window_share=0.0)
        if worth_drawing(teacher.rough(state, view, 0)):
            break
    teacher.look_at(state, view, 0, finished)
    asked = directed(state, view, prompt)
    return captioned(teacher.picture(asked.look, asked.rows), f"{place} {kind}: {prompt}")


def held_out_set(kind: str, which: int) -> RandomSet:
    """The held-out set of a kind, counted from 0. Raises ValueError for a kind there is not."""
    for seed in range(FIRST_SET, FIRST_SET + 2000):
        made = random_set(seed)
        if made.kind == kind:
            if which == 0:
                return made
            which -= 1
    raise ValueError(f"no set of kind {kind!r}")


if __name__ == "__main__":
    sys.exit(main())
