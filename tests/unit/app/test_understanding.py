"""What is told of a prompt's words while they are typed."""

import time

from director.app.understanding import Reading, Understanding


def read(understanding: Understanding, prompt: str) -> Reading:
    end = time.monotonic() + 30
    while (reading := understanding.of(prompt)) is None:
        assert time.monotonic() < end
        time.sleep(0.002)
    return reading


def test_known_words_are_sure_and_others_are_named() -> None:
    understanding = Understanding()
    assert read(understanding, "foggy night").confidence == 1
    half = read(understanding, "foggy night, blorfzik")
    assert half.not_understood == ("blorfzik",)
    assert 0 < half.confidence < 1
    # What was typed last counts, however fast it was.
    understanding.of("snow")
    understanding.of("noon")
    assert read(understanding, "noon").not_understood == ()
