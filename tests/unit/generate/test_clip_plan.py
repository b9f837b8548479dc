"""Which frames make a clip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from director.generate.clipwise import ClipShape, plan_clips
from director.types import Direction

SHAPE = ClipShape(frames=9, overlap=5, grain=4)


def test_a_long_shot_goes_on_from_the_frames_before() -> None:
    clips = plan_clips([True] + [False] * 19, ["day"] * 20, SHAPE)
    assert [(clip.first, clip.end, clip.known) for clip in clips] == [
        (0, 9, 0),
        (4, 13, 5),
        (8, 17, 5),
        (12, 20, 5),
    ]


def test_nothing_is_known_after_a_cut_and_a_new_prompt_goes_on() -> None:
    begins = [True, *[False] * 6, True, *[False] * 4]
    said = ["day"] * 3 + ["night"] * 9
    clips = plan_clips(begins, said, SHAPE)
    # Of three frames one is known: the model takes one, and then four at a time.
    assert [(clip.first, clip.end, clip.known) for clip in clips] == [(0, 3, 0), (2, 7, 1), (7, 12, 0)]


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 2)), min_size=1, max_size=80))
def test_every_frame_is_in_one_clip(frames: list[tuple[bool, int]]) -> None:
    begins = [True, *[begin for begin, _ in frames[1:]]]
    said = [number for _, number in frames]
    done = 0
    for clip in plan_clips(begins, said, SHAPE):
        assert clip.first + clip.known == done
        assert clip.end - clip.first <= SHAPE.frames
        assert clip.known in (0, 1, 5)
        assert not any(begins[done + 1 : clip.end]), "no clip goes over a cut"
        assert not any(begins[clip.first + 1 : done + 1]) or clip.known == 0
        assert len(set(said[done : clip.end])) == 1
        done = clip.end
    assert done == len(frames)


@pytest.mark.parametrize(("frames", "overlap"), [(10, 5), (9, 4), (9, 9), (5, 0)])
def test_shapes_that_no_model_takes_are_refused(frames: int, overlap: int) -> None:
    with pytest.raises(ValueError, match="no clip"):
        ClipShape(frames, overlap, 4)


def test_a_change_that_takes_its_time_is_one_change() -> None:
    from director.generate.clipwise import said_by

    day, night = Direction("day", {1: "red"}), Direction("night", {1: "red"})
    under_way = [Direction("night", {1: "red"}, leaving=day, arrived=share) for share in (0.1, 0.6)]
    assert said_by(under_way[0]) == said_by(under_way[1]) == said_by(night)
    assert said_by(day) != said_by(night)
