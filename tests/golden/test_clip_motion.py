"""What a generator of clips is shown: each frame as it follows the one before, wherever a clip begins."""

from collections.abc import Sequence
from pathlib import Path
from typing import ClassVar

import moderngl
import numpy as np
import pytest
from numpy.typing import NDArray

from director.generate.backends.proxy import Proxy
from director.generate.clipwise import ClipShape
from director.generate.protocol import GeneratorSettings, Progress
from director.passes.conditioner import Conditioner
from director.scene.compile import CompiledScene
from director.take import drawing
from director.take.kept_pictures import KeptPictures
from director.take.replay import Drawn, Replay, Wanted
from director.take.stored import open_take
from director.types import Conditioning
from tests.unit.take.exporters.shooting import SIZE, shoot_small

Picture = NDArray[np.uint8]


class InClips(Proxy):
    """Draws how everything has moved since the frame before, in clips of five of which one is known."""

    maps = frozenset({"base", "motion"})
    clip = ClipShape(5, 1, 4)
    told: ClassVar[list[tuple[int, Picture]]] = []

    def generate_clip(
        self, asked: Sequence[Conditioning], known: Sequence[Picture], progress: Progress
    ) -> list[Picture]:
        moved = [_moved(one) for one in asked]
        self.told.extend((one.tick.index, here) for one, here in zip(asked, moved, strict=True))
        return moved[len(known) :]


def _moved(conditioning: Conditioning) -> Picture:
    motion = np.abs(conditioning.maps["motion"].astype(np.float32)).sum(-1, keepdims=True)
    made: Picture = np.repeat(np.minimum(motion * 4000, 255).astype(np.uint8), 3, axis=-1)
    return made


def test_motion_is_told_against_the_frame_before_also_where_a_clip_begins(
    gl: moderngl.Context, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    take = open_take(shoot_small(tmp_path, "round"))
    compiled = CompiledScene(take.scene)
    wanted = [
        Wanted(line.tick, line.camera, line.direction, SIZE, begins=n == 0)
        for n, line in enumerate(take.lines)
    ]
    conditioner = Conditioner(gl, compiled, *SIZE, InClips.maps)
    in_order: list[Picture] = []
    for one in wanted:
        conditioner.draw(one.tick, one.camera, one.direction)
        in_order += [_moved(asked) for asked in conditioner.drain()]
    conditioner.release()
    assert in_order[4].any()
    monkeypatch.setattr(drawing, "generator", lambda name: InClips)

    def pictures(kept: KeptPictures) -> list[Drawn]:
        made = Replay(gl, compiled, SIZE, "clips", GeneratorSettings(), lambda share, words: None)
        drawn = list(made.pictures(wanted, kept))
        made.close()
        return drawn

    def check(drawn: list[Drawn]) -> None:
        for drew, wanted_here in zip(drawn, in_order, strict=True):
            assert np.array_equal(drew.frame.image, wanted_here)
            # And so it is in what the frame is composed from.
            assert np.array_equal(_moved(drew.frame.conditioning), wanted_here)

    check(pictures(KeptPictures(tmp_path / "kept")))
    # Of what is known of a clip too.
    assert [number for number, _ in InClips.told] == [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 8, 9]
    assert all(np.array_equal(here, in_order[number]) for number, here in InClips.told)
    # Ended within the second clip: that is drawn again, upon what is known, and all after it.
    InClips.told.clear()
    for n in range(7, 10):
        (tmp_path / "kept" / f"{n:06d}.png").unlink()
    again = pictures(KeptPictures(tmp_path / "kept"))
    assert [one.was_kept for one in again] == [n < 5 for n in range(10)]
    assert [number for number, _ in InClips.told] == [4, 5, 6, 7, 8, 8, 9]
    assert all(np.array_equal(here, in_order[number]) for number, here in InClips.told)
    check(again)
