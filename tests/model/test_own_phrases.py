"""Prompts as people type them (tools/text/own_phrases): what must be so of each."""

import operator
import re
from pathlib import Path

import numpy as np
import pytest

import director.generate.embedded as embedded
import tools.text
from director.generate.embedded.look import MATERIAL, SCENE
from director.generate.embedded.text import TextUnderstanding

WEIGHTS = Path(embedded.__file__).parent / "weights" / "text"
FILE = Path(tools.text.__path__[0]) / "own_phrases" / "phrases.txt"
LINES = [line for line in FILE.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
CONDITION = re.compile(r"([a-z_]+)(<=|>=|<|>|=)([a-z0-9_.]+)")
SIGNS = {"<": operator.lt, ">": operator.gt, "<=": operator.le, ">=": operator.ge}


@pytest.fixture(scope="module")
def text() -> TextUnderstanding:
    return TextUnderstanding.load(WEIGHTS)


def test_they_are_many() -> None:
    assert len(LINES) >= 140


@pytest.mark.parametrize("line", LINES)
def test_a_prompt_looks_as_meant(text: TextUnderstanding, line: str) -> None:
    kind, rest = line.split(" : ", 1)
    prompt, conditions = rest.rsplit(" : ", 1)
    understood = text.scene(prompt) if kind == "scene" else text.material(prompt, kind)
    assert bool(np.isfinite(understood.values).all())
    look = dict(zip(SCENE if kind == "scene" else MATERIAL, understood.values.tolist(), strict=True))
    for condition in conditions.split():
        match = CONDITION.fullmatch(condition)
        assert match, condition
        name, sign, value = match.groups()
        if name == "unknown":
            assert value in understood.not_understood, (condition, understood.heard)
        else:
            bound = look[value] if value in look else float(value)
            assert SIGNS[sign](look[name], bound), (condition, look[name], understood.heard)
