"""Looks and materials to train on: as real prompts would make them, and an even spread between.

The network never reads words, only the parameters they turn into, so what it has to see is a good cover
of those. Half of what is drawn here are combinations of the lexicon's concepts as a prompt would combine
them, the rest are the same shaken, mixtures of two, and plain uniform draws.
"""

from functools import cache
from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.concepts import Concept, Step, apply_steps
from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE, SCENE_DEFAULT
from tools.text.parse import class_materials, object_concepts, scene_concepts

__all__ = ["class_material", "sample_material", "sample_scene_look"]

Look = NDArray[np.float32]

# How often each layer of the scene lexicon speaks in a prompt.
_SPOKEN: Final = {
    "0_looks": 0.25, "1_places": 0.35, "2_eras": 0.08, "3_seasons": 0.15, "4_hours": 0.6,
    "5_weather": 0.45, "6_light": 0.15, "7_moods": 0.15, "8_films": 0.15, "9_styles": 0.25,
}  # fmt: skip
_SCENE_NEUTRAL: Final = np.array([SCENE_DEFAULT[name] for name in SCENE], np.float32)
_MATERIAL_NEUTRAL: Final = np.array([MATERIAL_DEFAULT[name] for name in MATERIAL], np.float32)
# Parameters that are 0 for most looks: a shake must not switch them on everywhere.
_SCENE_SPARSE: Final = tuple(
    SCENE.index(name)
    for name in ("stars", "wet", "snow", "place_amount", "age", "ink", "flat", "brush", "paper")
)
_BANDS: Final = tuple(MATERIAL.index(name) for name in MATERIAL[6:17])
_SPARSE_BANDS: Final = (*_BANDS, MATERIAL.index("metal"), MATERIAL.index("emission"))


def sample_scene_look(rng: np.random.Generator) -> Look:
    """float32[len(SCENE)], 0..1: one scene look."""
    draw = rng.random()
    if draw < 0.1:
        return _uniform(rng, len(SCENE), _SCENE_SPARSE)
    look = _spoken_scene(rng)
    if draw < 0.3:
        other = _spoken_scene(rng)
        look = look + np.float32(rng.random()) * (other - look)
    if draw < 0.75:
        look = _shaken(rng, look, _SCENE_SPARSE, float(rng.choice([0.02, 0.06, 0.12])))
    return look


def sample_material(rng: np.random.Generator, class_name: str) -> Look:
    """float32[len(MATERIAL)], 0..1: one material for an object of an ADE20K class (unknown: any)."""
    draw = rng.random()
    material = class_material(class_name)
    if draw < 0.08:
        return _uniform(rng, len(MATERIAL), _SPARSE_BANDS)
    if draw < 0.8:
        material = _spoken_material(rng, material, class_name)
    if draw < 0.55:
        material = _shaken(rng, material, _SPARSE_BANDS, float(rng.choice([0.02, 0.06, 0.12])))
    if draw > 0.9:  # the class as it is, in another shade
        material = _shaken(rng, material, _SPARSE_BANDS, 0.05)
    return material


def class_material(class_name: str) -> Look:
    """float32[len(MATERIAL)]: what an object of this ADE20K class is when nothing was said."""
    steps = class_materials().get(class_name)
    if steps is None:
        return _MATERIAL_NEUTRAL.copy()
    return apply_steps(_clean(_MATERIAL_NEUTRAL), steps, _MATERIAL_NEUTRAL)


def _spoken_scene(rng: np.random.Generator) -> Look:
    look = _SCENE_NEUTRAL.copy()
    for layer, concepts in _layers().items():
        if rng.random() < _SPOKEN[layer]:
            concept = concepts[rng.integers(len(concepts))]
            strength = 1.0 if rng.random() < 0.7 else float(rng.uniform(0.4, 1.3))
            look = apply_steps(look, concept.steps, _SCENE_NEUTRAL, strength)
    return look


def _spoken_material(rng: np.random.Generator, material: Look, class_name: str) -> Look:
    kinds = _kinds()
    person = class_name == "person"
    if person and rng.random() < 0.7:
        material = _applied(rng, material, kinds["garment"])
        material[MATERIAL.index("skin")] = rng.random() ** 1.3
        material[MATERIAL.index("hair")] = rng.choice([0.02, 0.2, 0.3, 0.42, 0.65, 0.9, 1.0])
    elif not person and rng.random() < 0.3:
        material = _applied(rng, _clean(material), kinds["kind"])
    if rng.random() < (0.1 if person else 0.5):
        kept = material[[MATERIAL.index(name) for name in ("windows", "lit")]]
        material = _applied(rng, _clean(material), kinds["material"])
        material[[MATERIAL.index(name) for name in ("windows", "lit")]] = kept
    if rng.random() < 0.5:
        ratio = np.clip((material[3:6].mean() + 0.02) / (material[:3].mean() + 0.02), 0.3, 1.4)
        material = _applied(rng, material, kinds["colour"])
        if rng.random() < 0.75:
            material[3:6] = np.clip(material[:3] * ratio, 0.0, 1.0)
        else:
            other = _applied(rng, material, kinds["colour"])
            material[3:6] = other[:3]
    for _ in range(int(rng.integers(0, 3))):
        if rng.random() < 0.5:
            material = _applied(rng, material, kinds["feature"])
    if material[MATERIAL.index("windows")] > 0.1 and rng.random() < 0.5:
        material[MATERIAL.index("lit")] = rng.random()
    return material


def _applied(rng: np.random.Generator, material: Look, concepts: tuple[Concept, ...]) -> Look:
    steps: tuple[Step, ...] = concepts[rng.integers(len(concepts))].steps
    return apply_steps(material, steps, _MATERIAL_NEUTRAL)


def _clean(material: Look) -> Look:
    """Without patterns: what a named material is laid on."""
    clean = material.copy()
    clean[list(_SPARSE_BANDS)] = 0.0
    clean[MATERIAL.index("blotches")] = 0.1
    clean[MATERIAL.index("grain")] = 0.1
    clean[MATERIAL.index("gloss")] = 0.15
    clean[MATERIAL.index("lit")] = 0.0
    return clean


def _shaken(rng: np.random.Generator, look: Look, sparse: tuple[int, ...], amount: float) -> Look:
    noise = rng.normal(0.0, amount, look.shape).astype(np.float32)
    rows = list(sparse)
    noise[rows] *= (look[rows] > 0.0) | (rng.random(len(rows)) < 0.08)
    return np.asarray(np.clip(look + noise, 0.0, 1.0), np.float32)


def _uniform(rng: np.random.Generator, length: int, sparse: tuple[int, ...]) -> Look:
    look = rng.random(length, np.float32)
    look[list(sparse)] *= rng.random(len(sparse)) < 0.25
    return look


@cache
def _layers() -> dict[str, tuple[Concept, ...]]:
    concepts = scene_concepts()
    names = sorted({concept.layer for concept in concepts})
    return {name: tuple(concept for concept in concepts if concept.layer == name) for name in names}


@cache
def _kinds() -> dict[str, tuple[Concept, ...]]:
    concepts = object_concepts()
    names = sorted({concept.layer for concept in concepts})
    return {name: tuple(concept for concept in concepts if concept.layer == name) for name in names}
