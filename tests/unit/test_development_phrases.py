"""The development phrases can be judged by, cover every parameter, and no phrase to mend by is held out."""

import json
from collections.abc import Sequence
from pathlib import Path

import pytest

from director.generate.embedded.look import MATERIAL, SCENE
from tools.text.judge_phrases import PHRASES, Phrase, main, read_phrases

DEVELOPMENT = PHRASES.parents[1] / "development" / "phrases.json"
OWN = PHRASES.parents[1] / "own_phrases" / "phrases.txt"
SCENES, OBJECTS = read_phrases(DEVELOPMENT)
LATER = sorted(DEVELOPMENT.parent.glob("phrases_*.json"))


def test_there_are_enough_phrases_and_none_is_there_twice() -> None:
    # What names exist and what values they take, read_phrases has checked above.
    assert len(SCENES) >= 180
    assert len(OBJECTS) >= 200
    assert len({phrase.prompt.casefold() for phrase in SCENES}) == len(SCENES)
    assert len({(p.prompt.casefold(), p.class_name) for p in OBJECTS}) == len(OBJECTS)
    assert all(3 <= len(phrase.look) <= 15 for phrase in (*SCENES, *OBJECTS))


@pytest.mark.parametrize(
    ("phrases", "names"), [(SCENES, SCENE), (OBJECTS, MATERIAL)], ids=["scenes", "objects"]
)
def test_every_parameter_is_named_often_and_over_its_range(
    phrases: Sequence[Phrase], names: Sequence[str]
) -> None:
    for name in names:
        values = [phrase.look[name] for phrase in phrases if name in phrase.look]
        assert len(values) >= 12, name
        # Sunlight is hardly ever without red; a grade hardly ever without its middle.
        assert max(values) - min(values) >= 0.4, name
        assert any(0.3 <= value <= 0.7 for value in values), name


@pytest.mark.parametrize("file", LATER, ids=[file.stem for file in LATER])
def test_later_lists_repeat_no_prompt(file: Path) -> None:
    earlier = [DEVELOPMENT, *(other for other in LATER if other < file)]
    known = {p.prompt.casefold() for other in earlier for phrases in read_phrases(other) for p in phrases}
    prompts = [phrase.prompt.casefold() for phrases in read_phrases(file) for phrase in phrases]
    assert len(set(prompts)) == len(prompts)
    assert not known & set(prompts)


def test_no_prompt_is_held_out_too() -> None:
    """Told by number only: whoever mends the text by this list should not learn what is held out."""
    held_out = {phrase.prompt.casefold() for phrases in read_phrases() for phrase in phrases}
    for file in (DEVELOPMENT, *LATER):
        listed = [p.prompt.casefold() for phrases in read_phrases(file) for p in phrases]
        assert not [i for i, prompt in enumerate(listed) if prompt in held_out], file.name
    own = [line for line in OWN.read_text("utf-8").splitlines() if line.strip() and not line.startswith("#")]
    prompts = [line.split(" : ", 1)[1].rsplit(" : ", 1)[0].strip().casefold() for line in own]
    assert not [i for i, prompt in enumerate(prompts) if prompt in held_out]


def test_the_judge_judges_the_list_it_is_given(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "phrases.json"
    entry = {"prompt": SCENES[0].prompt, "look": dict(SCENES[0].look)}
    thing = {"prompt": OBJECTS[0].prompt, "class": OBJECTS[0].class_name, "look": dict(OBJECTS[0].look)}
    file.write_text(json.dumps({"scenes": [entry], "objects": [thing]}))
    assert main(["--list", str(file), "--json"]) == 0
    judged = json.loads(capsys.readouterr().out)
    assert judged["scenes"]["phrases"] == judged["objects"]["phrases"] == 1
