"""From a direction to numbers: the look of the scene and the material of every object. No torch here."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE, SCENE_DEFAULT
from director.generate.embedded.materials import material_rows
from director.generate.embedded.reference import looking_like
from director.generate.embedded.text import TextUnderstanding, Understood
from director.scene.finish.told import tells_of_shape
from director.scene.finish.writing import without_writing
from director.types import Conditioning, Direction, SceneObject

__all__ = ["Directed", "Interpreter"]

_SCENE_NEUTRAL = np.array([SCENE_DEFAULT[name] for name in SCENE], np.float32)
_MATERIAL_NEUTRAL = np.array([MATERIAL_DEFAULT[name] for name in MATERIAL], np.float32)
_FIRST, _SECOND = MATERIAL.index("first_red"), MATERIAL.index("second_red")
_PATTERNS = slice(MATERIAL.index("brick"), MATERIAL.index("lit") + 1)
# How far the blocking colour of an object that nobody described tells what colour it is meant to be. The
# colour that scenes give when none was chosen says nothing.
_BLOCKING_SHARE = 0.5
_NO_COLOUR = (0x9A / 255, 0x96 / 255, 0x8F / 255)
_SCENE_ID = 0


@dataclass(frozen=True, slots=True, eq=False)
class Directed:
    """`look` float32[len(SCENE)], `rows` float32[objects, ROW], the words that changed nothing, and how sure
    the reading is, 0..1: the mean over the scene's prompt and every object's that says something."""

    look: NDArray[np.float32]
    rows: NDArray[np.float32]
    not_understood: tuple[str, ...]
    confidence: float = 1.0


class _Text(Protocol):
    def scene(self, prompt: str) -> Understood: ...
    def material(self, prompt: str, class_name: str) -> Understood: ...


class Interpreter:
    """Understands directions; remembers what it understood, for prompts stay while the camera moves."""

    def __init__(self, text: TextUnderstanding | _Text) -> None:
        self._scene = lru_cache(256)(text.scene)
        self._material = lru_cache(4096)(text.material)
        self._last: tuple[object, Directed] | None = None

    def directed(self, conditioning: Conditioning) -> Directed:
        """What a conditioning's direction asks for; on the way from another one, what lies between."""
        asked = conditioning.direction, conditioning.objects, conditioning.lamps
        if self._last is None or self._last[0] != asked or _refers(conditioning.direction):
            self._last = asked, self._between(conditioning, conditioning.direction)
        return self._last[1]

    def _between(self, conditioning: Conditioning, direction: Direction) -> Directed:
        here = self._asked(conditioning, direction)
        if direction.leaving is None or direction.arrived >= 1:
            return here
        there = self._between(conditioning, direction.leaving)
        share = np.float32(direction.arrived)
        return Directed(
            there.look + share * (here.look - there.look),
            there.rows + share * (here.rows - there.rows),
            here.not_understood,
            here.confidence,
        )

    def _asked(self, conditioning: Conditioning, direction: Direction) -> Directed:
        """What a direction by itself asks for.

        A strength of 1 is as directed, 0 the proxy's own colour; that of id 0 is the scene prompt's.
        Reference pictures then move the look towards theirs, by the same strength. Settings in `look` that
        are named as in look.SCENE replace what was understood. Raises GeneratorError for a reference that
        cannot be read.
        """
        scene = self._scene(direction.prompt)
        share = np.float32(direction.strengths.get(_SCENE_ID, 1.0))
        look = _SCENE_NEUTRAL + share * (scene.values - _SCENE_NEUTRAL)
        look = looking_like(look, direction.references, float(share))
        for name in SCENE_DEFAULT.keys() & direction.look.keys():
            look[SCENE.index(name)] = direction.look[name]
        look = np.clip(look, np.float32(0), np.float32(1))

        materials, named, unknown = [], [], list(scene.not_understood)
        sure = [scene.confidence] if direction.prompt.strip() else []
        for item in conditioning.objects:
            prompt = direction.object_prompts.get(item.id, item.prompt)
            understood = self._material(without_writing(prompt), item.class_name)
            unknown += [w for w in understood.not_understood if not tells_of_shape(w, item.class_name)]
            if prompt.strip():
                sure.append(understood.confidence)
            material = understood.values if prompt else _coloured(item, understood.values)
            share = np.float32(direction.strengths.get(item.id, 1.0))
            if share != 1:
                plain = _plain(item)
                material = np.clip(plain + share * (material - plain), np.float32(0), np.float32(1))
            materials.append(material)
            named.append(bool(prompt))
        rows = material_rows(conditioning.objects, materials, named, conditioning.lamps, look)
        return Directed(look, rows, _once(unknown), float(np.mean(sure)) if sure else 1.0)


def _refers(direction: Direction | None) -> bool:
    """Whether pictures have a part in it, which may change on the disk."""
    return direction is not None and (bool(direction.references) or _refers(direction.leaving))


def _coloured(item: SceneObject, material: NDArray[np.float32]) -> NDArray[np.float32]:
    """The class's own material in the colour that the object was blocked in."""
    colour = np.asarray(item.colour, np.float32)
    if np.abs(colour - _NO_COLOUR).max() < 0.01:
        return material
    tinted = material.copy()
    tinted[_FIRST : _FIRST + 3] += _BLOCKING_SHARE * (colour - tinted[_FIRST : _FIRST + 3])
    return tinted


def _plain(item: SceneObject) -> NDArray[np.float32]:
    plain = _MATERIAL_NEUTRAL.copy()
    plain[_PATTERNS] = 0
    plain[_FIRST : _FIRST + 3] = plain[_SECOND : _SECOND + 3] = item.colour
    return plain


def _once(words: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(words))
