"""What words cost a picture: held-out phrases, as understood and as they are meant.

Of each scene phrase of tools/text/held_out the teacher draws a held-out set in the look that the phrase is
meant to have. The generator draws the same from the phrase itself, and from that look. The second is what a
network of this size can do, the first what a director gets; their difference is the text's.

A phrase says little of most of a look: what it does not speak of is as the text understands it, for both.
"""

from pathlib import Path
from typing import Final

import moderngl
import numpy as np
import torch
from numpy.typing import NDArray

from director.generate.backends.embedded import WEIGHTS
from director.generate.embedded.direction_look import Directed
from director.generate.embedded.look import SCENE
from director.generate.embedded.materials import material_rows
from director.generate.embedded.runtime import Runtime
from director.generate.embedded.text import TextUnderstanding
from director.generate.protocol import Progress
from director.scene.compile import CompiledScene
from tools.teacher.render import Finished, Teacher
from tools.teacher.sets import random_set
from tools.text.judge_phrases import read_phrases
from tools.text.sample import class_material
from tools.train.dataset import HELD_OUT_SEED
from tools.train.losses import psnr
from tools.train.shots import SIZE, Scenery, view_of

__all__ = ["phrase_figures"]

_FIRST_SET: Final = HELD_OUT_SEED + 700
_A_SET: Final = 6
"""Phrases that one set is drawn for."""
_NEAR_DB: Final = 1.5
_SEED: Final = 0


def phrase_figures(
    context: moderngl.Context,
    weights: Path,
    count: int,
    progress: Progress,
    threads: int = 0,
    size: tuple[int, int] = SIZE,
) -> dict[str, float]:
    """Of the first `count` scene phrases, means of dB against the teacher:

    phrases_psnr_said, phrases_psnr_meant   drawn from the words, from the look that they are to have
    phrases_within                          share whose words cost at most 1.5 dB
    """
    words = TextUnderstanding.load(WEIGHTS / "text")
    teacher, network = Teacher(context, *size), Finished(context, *size)
    runtime = Runtime(weights, "cpu", "float32", threads)
    scenes, _objects = read_phrases()
    phrases = scenes[:count]
    found: list[tuple[float, float]] = []
    for index, phrase in enumerate(phrases):
        progress(index / len(phrases), f"phrase {index + 1} of {len(phrases)}")
        if index % _A_SET == 0:
            seed = _FIRST_SET + index // _A_SET
            chosen = random_set(seed)
            scenery = Scenery(CompiledScene(chosen.scene), _SEED)
            view = view_of(teacher, chosen, scenery.state, np.random.default_rng([seed, 23]))
            asked = scenery.conditioning(0, view, scenery.state, network)
            materials = [class_material(item.class_name) for item in scenery.state.objects]
        said = words.scene(phrase.prompt).values.copy()
        meant = said.copy()
        for name, value in phrase.look.items():
            meant[SCENE.index(name)] = value
        directed = []
        for look in (said, meant):
            state = scenery.state
            rows = material_rows(state.objects, materials, [True] * len(materials), state.lamps, look)
            directed.append(Directed(look, rows, ()))
        teacher.look_at(scenery.state, view, _SEED, scenery.of_teacher.at(scenery.state))
        wanted = _planes(teacher.picture(directed[1].look, directed[1].rows))
        found.append(
            (
                psnr(_planes(runtime.draw(asked, directed[0])), wanted),
                psnr(_planes(runtime.draw(asked, directed[1])), wanted),
            )
        )
    each = np.array(found)
    return {
        "phrases": float(len(each)),
        "phrases_psnr_said": float(each[:, 0].mean()),
        "phrases_psnr_meant": float(each[:, 1].mean()),
        "phrases_within": float((each[:, 1] - each[:, 0] <= _NEAR_DB).mean()),
    }


def _planes(picture: NDArray[np.uint8]) -> torch.Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255
