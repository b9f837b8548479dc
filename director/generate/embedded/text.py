"""Free text to look parameters: offline, in milliseconds, in numpy alone.

Known words and phrases are exact: a hand-written lexicon says what each sets (tools/text/lexicon,
compiled into weights/text). A word outside it borrows from those nearest in meaning, as far as a small
trained model trusts the nearness; one that is near to none changes nothing and is reported.
"""

import json
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.errors import GeneratorError
from director.generate.embedded.concepts import Concept, Step
from director.generate.embedded.material_words import MaterialWords
from director.generate.embedded.mentions import Mention, confidence, not_understood
from director.generate.embedded.nearness import Nearness
from director.generate.embedded.scene_words import SceneWords

__all__ = ["TextUnderstanding", "Understood"]

LEXICON_FILE = "lexicon.json"


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """What a text was understood as.

    `values` float32[len(SCENE)] or float32[len(MATERIAL)], 0..1, in the order of look.SCENE or
    look.MATERIAL; `confidence` 0..1, the share of its words that are known, borrowed ones counted in
    part; `not_understood` the words that changed nothing because nothing near them is known.
    """

    values: NDArray[np.float32]
    confidence: float
    not_understood: tuple[str, ...]


class TextUnderstanding:
    """Turns scene prompts into looks and object prompts into materials. Immutable once loaded."""

    def __init__(self, scene: SceneWords, material: MaterialWords) -> None:
        self._scene = scene
        self._material = material

    @classmethod
    def load(cls, folder: Path) -> "TextUnderstanding":
        """From the folder that tools/text/train.py writes; raises GeneratorError if it lacks a file."""
        file = folder / LEXICON_FILE
        try:
            raw = json.loads(file.read_text("utf-8"))
        except (OSError, ValueError) as error:
            raise GeneratorError(
                f"cannot read it: {error}",
                subject=str(file),
                mend="install the package again, or run python -m tools.text.train",
            ) from error
        scene = [Concept.unpacked(entry) for entry in raw["scene"]]
        objects = [Concept.unpacked(entry) for entry in raw["object"]]
        classes = {name: tuple(Step.unpacked(s) for s in steps) for name, steps in raw["classes"].items()}
        colours = [concept for concept in objects if concept.layer == "colour"]
        things = [concept for concept in objects if concept.layer != "colour"]
        near = Nearness.load(folder)
        return cls(
            SceneWords(scene, colours, near.borrower("scene", scene)),
            MaterialWords(things, colours, classes, near.borrower("object", objects)),
        )

    def scene(self, prompt: str) -> Understood:
        """What a scene prompt asks for; an empty one is the neutral look."""
        return _understood(*self._scene.understand(prompt))

    def material(self, prompt: str, class_name: str) -> Understood:
        """What an object prompt asks for; an empty one is the default of the ADE20K class."""
        return _understood(*self._material.understand(prompt, class_name))


def _understood(values: NDArray[np.float32], mentions: list[Mention]) -> Understood:
    values.setflags(write=False)
    return Understood(values, confidence(mentions), not_understood(mentions))
