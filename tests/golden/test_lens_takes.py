"""The lens of takes and stills without a window: switched off it changes nothing, on it is repeatable."""

import hashlib
import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from director.take.folder import read_json
from director.take.track import read_track

_SMALL = ("--generator", "proxy", "--size", "256x144")
_LENS = ("--depth-of-field", "--f-number", "0.7", "--focus", "4", "--shutter", "180")

# What a take without a lens is made of: the generator's pictures, and where they are smaller the viewport's
# way of enlarging them.
_PROGRAM = """
import hashlib
import json
from director.composite.lens_effects import LensSettings
from director.generate.backends.proxy import Proxy
from director.scene.load import load_scene
from director.take import drawing
from director.take.finish import LensRequest
from director.take.stage import Request, Stage

class Half(Proxy):
    def size_for(self, width, height):
        return width // 2, height // 2

def pictures(kind, lens):
    drawing.generator = lambda name: kind
    request = Request(load_scene("desert_road"), move="follow", width=256, height=144, lens=lens)
    with Stage(request, lambda share, words: None) as made:
        frames = list(made.frames([made.tick(index) for index in range(3)]))
    shown = [hashlib.sha256(frame.picture.tobytes()).hexdigest() for frame in frames]
    generated = [hashlib.sha256(frame.generated.image.tobytes()).hexdigest() for frame in frames]
    return shown, generated

off, lens = LensRequest(), LensRequest(LensSettings(True, 180.0), f_number=1.0)
shutter = LensRequest(LensSettings(shutter_angle_deg=180.0))
print(json.dumps({"off": pictures(Proxy, off), "half": pictures(Half, off), "lens": pictures(Proxy, lens),
                  "shutter": pictures(Proxy, shutter),
                  "half_lens": pictures(Half, lens), "again": pictures(Half, lens)}))
"""


def run(*arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "director", *arguments], capture_output=True, text=True, check=False
    )


def director(*arguments: str) -> dict[str, Any]:
    """Run the command in a process of its own and return its last line."""
    done = run(*arguments, "--json")
    assert done.returncode == 0, done.stderr
    found: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return found


def test_without_a_lens_frames_are_the_generator_s_own_and_with_it_they_are_repeatable() -> None:
    done = subprocess.run([sys.executable, "-c", _PROGRAM], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout)
    shown, generated = found["off"]
    assert shown == generated
    assert len(set(shown)) == 3
    # The lens is put before the finished picture: what was generated is the same.
    seen, generated_for_lens = found["lens"]
    assert generated_for_lens == generated
    assert not set(seen) & set(shown)
    # The first frame too, though nothing was before it: the car drives from the start.
    assert not set(found["shutter"][0]) & set(shown)
    assert found["half_lens"] == found["again"]
    assert not set(found["half_lens"][0]) & set(found["half"][0])


def test_a_take_tells_its_lens_and_a_still_is_its_frame(tmp_path: Path) -> None:
    options = ("desert_road", "--move", "follow", *_SMALL)
    plain = director("shoot", *options, "--seconds", "0.125", "--out", str(tmp_path / "plain"))
    seen = director("shoot", *options, "--seconds", "0.125", "--out", str(tmp_path / "seen"), *_LENS)
    assert plain["frames"] == seen["frames"] == 3
    assert plain["sha256_frames"] != seen["sha256_frames"]
    document = read_json(Path(seen["take"]) / "take.json")
    assert document["settings"]["lens"] == {  # type: ignore[index]
        "depth_of_field": True,
        "f_number": 0.7,
        "focus_distance_m": 4.0,
        "shutter_angle_deg": 180.0,
    }
    lines = read_track(Path(seen["take"]) / "track.jsonl")
    assert {(line.camera.lens.f_number, line.camera.lens.focus_distance_m) for line in lines} == {(0.7, 4.0)}
    assert read_json(Path(plain["take"]) / "take.json")["settings"]["lens"] == {  # type: ignore[index]
        "depth_of_field": False,
        "f_number": None,
        "focus_distance_m": None,
        "shutter_angle_deg": 0.0,
    }
    # Frame by frame, each told against the one before.
    digest = hashlib.sha256()
    for index in range(3):
        file = tmp_path / f"{index}.png"
        director("still", *options, "--time", str(index / 24), "--out", str(file), *_LENS)
        digest.update(np.asarray(Image.open(file)).tobytes())
    assert digest.hexdigest() == seen["sha256_frames"]


def test_the_lens_blurs_what_is_far_from_focus_and_leaves_the_rest(tmp_path: Path) -> None:
    options = ("night_alley", *_SMALL)
    passes = tmp_path / "passes"
    sharp, soft = tmp_path / "sharp.png", tmp_path / "soft.png"
    director("still", *options, "--out", str(sharp), "--passes", str(passes))
    lens = ("--depth-of-field", "--f-number", "0.5", "--focus", "5")
    director("still", *options, "--out", str(soft), *lens)
    depth = np.load(passes / "depth.npy")
    apart = np.abs(np.asarray(Image.open(sharp), int) - np.asarray(Image.open(soft), int)).max(axis=2)
    assert apart[np.abs(depth - 5) < 0.3].mean() < 0.3
    assert apart[depth > 15].mean() > 2


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--f-number", "2"), "--f-number: shows only in depth of field (add --depth-of-field)"),
        (("--focus", "2"), "--focus: shows only in depth of field (add --depth-of-field)"),
        (("--depth-of-field", "--focus", "0.03"), "--focus: a lens of 25 mm cannot be focused at 0.03 m"),
        (("--shutter", "400"), "400 is no shutter angle in degrees from 0 to 360"),
        (("--shutter", "nan"), "nan is no shutter angle in degrees from 0 to 360"),
        (("--depth-of-field", "--f-number", "wide"), "'wide' is no f-number"),
    ],
)
def test_a_lens_that_cannot_be_is_wrong_usage(
    tmp_path: Path, arguments: tuple[str, ...], problem: str
) -> None:
    done = run("still", "night_alley", "--out", str(tmp_path / "a.png"), *_SMALL, *arguments)
    assert done.returncode == 2
    assert problem in done.stderr
    assert not list(tmp_path.iterdir())
