"""Free text to look parameters: offline, in milliseconds, in numpy alone.

Known words and phrases are exact: a hand-written lexicon says what each sets (tools/text/lexicon,
compiled into weights/text). A word outside it borrows from those nearest in meaning, as far as a small
trained model trusts the nearness; one that is near to none changes nothing and is reported.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from director.errors import GeneratorError
from director.generate.embedded.blends import blended, readings
from director.generate.embedded.concepts import Concept, Step
from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.material_words import MaterialWords
from director.generate.embedded.mentions import Mention, confidence, not_understood
from director.generate.embedded.nearness import Nearness
from director.generate.embedded.scene_words import SceneWords

__all__ = ["Heard", "TextUnderstanding", "Understood"]

LEXICON_FILE = "lexicon.json"
# Materials that are colours where light and sky are spoken of: a copper sunset.
_TINTS = frozenset(("gold", "silver", "copper", "bronze", "brass", "rust"))
# Rows at which three values are a colour. The grade's tints (shadow, light) are leanings and mix straight.
_SCENE_COLOURS = tuple(SCENE.index(f"{name}_red") for name in ("sun", "zenith", "horizon", "fog", "place"))
_MATERIAL_COLOURS = (MATERIAL.index("first_red"), MATERIAL.index("second_red"))


@dataclass(frozen=True, slots=True)
class Heard:
    """One thing that a text says: its words, the known meaning they were read as ("" for a colour of no
    name), and how sure that is, 0..1: 1 for known words, 0 for words that changed nothing."""

    text: str
    meaning: str
    confidence: float


@dataclass(frozen=True, slots=True, eq=False)
class Understood:
    """What a text was understood as.

    `values` float32[len(SCENE)] or float32[len(MATERIAL)], 0..1, in the order of look.SCENE or
    look.MATERIAL; `confidence` 0..1, the mean of what was heard, 1 if nothing was said; `not_understood`
    the words that changed nothing because nothing near them is known; `heard` everything that was said.
    """

    values: NDArray[np.float32]
    confidence: float
    not_understood: tuple[str, ...]
    heard: tuple[Heard, ...] = ()


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
        tints = [concept for concept in things if concept.layer == "material" and concept.name in _TINTS]
        near = Nearness.load(folder)
        return cls(
            SceneWords(scene, [*colours, *tints], near.borrower("scene", scene)),
            MaterialWords(things, colours, classes, near.borrower("object", objects)),
        )

    def scene(self, prompt: str) -> Understood:
        """What a scene prompt asks for; an empty one is the neutral look.

        Prompts may hold several looks: see `blends.readings`.
        """
        return self.blend(
            [(_understood(*self._scene.understand(part)), share) for part, share in readings(prompt)]
        )

    def material(self, prompt: str, class_name: str) -> Understood:
        """What an object prompt asks for; an empty one is the default of the ADE20K class."""
        parts = readings(prompt)
        return self.blend(
            [(_understood(*self._material.understand(part, class_name)), share) for part, share in parts]
        )

    @staticmethod
    def blend(parts: Sequence[tuple[Understood, float]]) -> Understood:
        """A mixture of looks of one kind, all scenes or all materials, each with its share.

        Shares are made to sum to 1; raises ValueError if none is above 0.
        """
        used = [(understood, share) for understood, share in parts if share > 0.0]
        total = sum(share for _, share in used)
        if not used:
            raise ValueError("a blend needs a share above 0")
        if len(used) == 1:
            return used[0][0]
        looks, shares = [understood.values for understood, _ in used], [share / total for _, share in used]
        colours = _SCENE_COLOURS if len(looks[0]) == len(SCENE) else _MATERIAL_COLOURS
        values = blended(looks, shares, colours)
        values.setflags(write=False)
        heard = tuple(dict.fromkeys(said for understood, _ in used for said in understood.heard))
        sure = sum(understood.confidence * share for (understood, _), share in zip(used, shares, strict=True))
        unknown = tuple(dict.fromkeys(word for understood, _ in used for word in understood.not_understood))
        return Understood(values, sure, unknown, heard)


def _understood(values: NDArray[np.float32], mentions: list[Mention]) -> Understood:
    values.setflags(write=False)
    said = (m for m in mentions if m.kind in ("concept", "colour", "tone", "unknown"))
    heard = tuple(Heard(m.text, m.concept.name if m.concept else "", m.trust) for m in said)
    return Understood(values, confidence(mentions), not_understood(mentions), heard)
