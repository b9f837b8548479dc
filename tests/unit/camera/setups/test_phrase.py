"""Shots in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.camera.setups.phrase import phrase_of, read_shot, shot_from
from director.camera.setups.shot import Shot
from director.camera.setups.sizes import ANGLES, SIDES, SIZES
from director.errors import UsageError

NAMES = ("Anna", "Ben", "man in coat", "man leaning", "red car", "wide door")


@pytest.mark.parametrize(
    ("phrase", "shot"),
    [
        (
            "medium close-up of Anna, low angle, from the left, 50 mm",
            Shot("single", ("Anna",), "medium close-up", "low angle", "three-quarter left", 50.0),
        ),
        ("MCU anna 35mm", Shot("single", ("Anna",), "medium close-up", focal_length_mm=35.0)),
        ("CU OF BEN", Shot("single", ("Ben",), "close-up")),
        ("ews of the man in coat", Shot("single", ("man in coat",), "extreme wide")),
        ("over shoulder of Ben on Anna", Shot("over shoulder", ("Ben", "Anna"))),
        (
            "over-the-shoulder of Ben on Anna, left shoulder",
            Shot("over shoulder", ("Ben", "Anna"), shoulder="left"),
        ),
        ("OTS Ben Anna", Shot("over shoulder", ("Ben", "Anna"))),
        ("Anna, over the shoulder of Ben", Shot("over shoulder", ("Ben", "Anna"))),
        ("two-shot of Anna and Ben", Shot("group", ("Anna", "Ben"))),
        ("WS of Anna and Ben", Shot("group", ("Anna", "Ben"), "wide")),
        ("cowboy two shot of Anna & Ben", Shot("group", ("Anna", "Ben"), "cowboy")),
        ("insert of the red car", Shot("insert", ("red car",))),
        ("detail of car from behind", Shot("insert", ("red car",), side="back")),
        ("POV of Anna on Ben", Shot("point of view", ("Anna", "Ben"))),
        ("full shot of man leaning, bird's eye", Shot("single", ("man leaning",), "full", "bird's eye")),
        ("worm’s-eye cu of coat", Shot("single", ("man in coat",), "close-up", "worm's eye")),
        (
            "dutch medium of Ben, profile right",
            Shot("single", ("Ben",), "medium", side="profile right", dutch_deg=15.0),
        ),
        # Words of a name are the name's: this door is not a wide shot.
        ("close-up of wide door", Shot("single", ("wide door",), "close-up")),
    ],
)  # fmt: skip
def test_reads(phrase: str, shot: Shot) -> None:
    reading = read_shot(phrase, NAMES)
    assert reading.shot == shot
    assert not reading.unknown
    assert not reading.ambiguous
    assert shot_from(phrase, NAMES) == shot


@pytest.mark.parametrize(
    ("phrase", "told"),
    [
        ("medum of Anna", "medium"),
        ("close-up of Anne", "Anna"),
        ("close-up of Anna, low angel", "angle"),
        ("close-up of the man", "man in coat, man leaning"),
        ("close-up, low angle", "names nobody"),
        ("close-up of Anna, 2 mm", "no lens"),
        ("", "names nobody"),
    ],
)
def test_says_what_it_does_not_understand_and_what_is_near(phrase: str, told: str) -> None:
    with pytest.raises(UsageError) as caught:
        shot_from(phrase, NAMES)
    assert told in str(caught.value)
    assert "\n" not in str(caught.value)


def test_unknown_words_leave_the_rest_understood() -> None:
    reading = read_shot("medium shot of Anna with xyzzy", NAMES)
    assert reading.shot == Shot("single", ("Anna",), "medium")
    assert [(word.word, word.nearest) for word in reading.unknown] == [("xyzzy", ())]


@given(st.text(max_size=60))
def test_never_raises(phrase: str) -> None:
    read_shot(phrase, NAMES)


subjects = st.permutations(NAMES)
maybe = st.none()


@given(
    st.sampled_from(["single", "insert"]),
    st.sampled_from(list(SIZES)),
    maybe | st.sampled_from(list(ANGLES)),
    maybe | st.sampled_from(list(SIDES)),
    maybe | st.sampled_from([18.0, 32.0, 50.0, 85.5]),
    st.sampled_from([0.0, 15.0, -15.0]),
    subjects,
)
def test_the_words_for_a_shot_read_back_as_it(
    kind: str,
    size: str,
    angle: str | None,
    side: str | None,
    focal: float | None,
    dutch: float,
    who: list[str],
) -> None:
    asked = size if kind == "single" else None
    shot = Shot("insert" if kind == "insert" else "single", (who[0],), asked, angle, side, focal, dutch)
    assert shot_from(phrase_of(shot), NAMES) == shot


@given(subjects, st.sampled_from(list(SIZES)), maybe | st.sampled_from(["left", "right"]))
def test_shots_of_several_read_back(who: list[str], size: str, shoulder: str | None) -> None:
    for shot in (
        Shot("group", tuple(who[:2]), size),
        Shot("group", tuple(who[:4]), size),
        Shot("over shoulder", tuple(who[:2]), shoulder=shoulder),
        Shot("point of view", tuple(who[:2])),
        Shot("point of view", tuple(who[:1])),
    ):
        assert shot_from(phrase_of(shot), NAMES) == shot
