"""The real window on a virtual display: hands move the camera, views change, prompts are typed."""

import json
import math
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import imageio_ffmpeg
import numpy as np
import pytest

from tests.window.driven import Driven, focus_window

OpenDesk = Callable[..., Driven]


def decoded_frames(film: Path) -> int:
    """How many frames ffmpeg decodes; it may complain of nothing."""
    ffmpeg = imageio_ffmpeg.get_ffmpeg_exe()
    command = [ffmpeg, "-v", "error", "-i", str(film), "-f", "rawvideo", "-pix_fmt", "gray", "-"]
    done = subprocess.run(command, capture_output=True, check=True, timeout=60)
    assert done.stderr == b""
    width, height = 256, 144
    assert len(done.stdout) % (width * height) == 0
    return len(done.stdout) // (width * height)


def distance(a: list[float], b: list[float]) -> float:
    return math.dist(a, b)


def test_real_keys_fly_the_camera_and_change_the_view(open_desk: OpenDesk) -> None:
    desk = open_desk()
    before = desk.state
    assert before["riding"] == "dolly-in"
    desk.focus()
    desk.xdotool("keydown", "w")
    moved = desk.wait(
        lambda state: distance(state["position"], before["position"]) > 0.5, "the camera to move"
    )
    desk.xdotool("keyup", "w")
    assert moved["riding"] is None
    # Forward is where the camera looks: −Z of the alley's dolly.
    assert moved["position"][2] < before["position"][2] - 0.4
    desk.wait(lambda state: state["settled"], "the camera to come to rest")
    generated = np.array(desk.ask("window"), int)
    desk.xdotool("key", "7")
    desk.wait(lambda state: state["view"] == "segmentation", "the segmentation view")
    segmented = np.array(desk.ask("window"), int)
    assert np.abs(generated - segmented).mean() > 15
    desk.xdotool("key", "F1")
    desk.wait(lambda state: state["help"], "help")
    helped = np.array(desk.ask("window"), int)
    assert helped.mean() < segmented.mean() * 0.5
    desk.xdotool("key", "Escape")
    state = desk.wait(lambda state: not state["help"], "help to close")
    assert not state["closing"]
    assert desk.close() == {"take": None, "heavy": []}


def test_every_view_key_shows_another_picture(open_desk: OpenDesk) -> None:
    desk = open_desk()
    seen: dict[str, np.ndarray[Any, Any]] = {}
    for key, view in zip(
        "2367890-=ilt",
        [
            *("proxy", "side-by-side", "depth", "segmentation", "normal", "motion", "anchor", "shadow"),
            *("noise", "object", "lamplight", "structure"),
        ],
        strict=True,
    ):
        desk.ask("press", key=key)
        desk.wait(lambda state, view=view: state["view"] == view, view)  # type: ignore[misc]
        seen[view] = np.array(desk.ask("window"), int)
    names = list(seen)
    # Nothing moves: motion is black, and so has no likeness to be judged by.
    assert seen["motion"].max() < 40
    for i, one in enumerate(names):
        for other in names[i + 1 :]:
            assert np.abs(seen[one] - seen[other]).mean() > 2, (one, other)


def test_the_wipe_is_dragged(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.ask("press", key="4")
    desk.wait(lambda state: state["view"] == "wipe", "the wipe")
    desk.ask("post", kind="MOUSEBUTTONDOWN", pos=[240, 270], button=1)
    desk.ask("post", kind="MOUSEBUTTONUP", pos=[240, 270], button=1)
    state = desk.ticks(2)
    assert state["amount"] == pytest.approx(0.25, abs=0.01)
    desk.ask("press", key=".")
    assert desk.ticks(2)["amount"] == pytest.approx(0.30, abs=0.01)


def test_a_pad_flies_the_camera_and_its_loss_stops_it(open_desk: OpenDesk) -> None:
    desk = open_desk()
    before = desk.state
    # Left stick forward: SDL's axes are positive down.
    desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=1, value=-32767)
    moved = desk.wait(lambda state: distance(state["position"], before["position"]) > 0.5, "the pad to fly")
    desk.ask("post", kind="CONTROLLERAXISMOTION", instance_id=0, axis=2, value=32767)
    desk.wait(lambda state: state["orientation"] != moved["orientation"], "the pad to look")
    desk.ask("post", kind="CONTROLLERDEVICEREMOVED", instance_id=0)
    desk.wait(lambda state: any("unplugged" in notice for notice in state["notices"]), "a notice")
    desk.wait(lambda state: state["settled"], "the camera to stop with the pad gone")
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=1)
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=14)
    desk.wait(
        lambda state: any("Camera B" in notice for notice in state["notices"]), "the D-pad's next camera"
    )


def test_moves_play_and_stop_at_their_end(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.ask("press", key="m")
    state = desk.wait(lambda state: state["riding"] == "orbit" and state["time_s"] > 0.3, "the orbit")
    assert state["is_playing"]
    desk.ask("press", key="space")
    state = desk.wait(lambda state: not state["is_playing"], "the pause")
    again = desk.ticks(5)
    assert again["time_s"] == state["time_s"]
    assert again["position"] == state["position"]
    focal = state["focal_length_mm"]
    desk.ask("press", key="]")
    desk.wait(lambda state: state["focal_length_mm"] > focal, "a longer prime")
    desk.ask("press", key="home")
    state = desk.wait(lambda state: state["time_s"] == 0, "the move's start")
    assert state["focal_length_mm"] == focal


def test_a_typed_prompt_directs_the_picture(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.focus()
    desk.xdotool("key", "slash")
    desk.wait(lambda state: state["typing"], "the field")
    # Letters that fly, record and play elsewhere are only letters here.
    desk.xdotool("type", "--delay", "40", "wram at dawn")
    state = desk.wait(lambda state: state["typed"] == "wram at dawn", "the typed text")
    assert state["riding"] == "dolly-in"
    desk.ask("post", kind="TEXTINPUT", text=" – été 雨")
    desk.wait(lambda state: state["typed"] == "wram at dawn – été 雨", "text that is not ASCII")
    desk.xdotool("key", "Return")
    state = desk.wait(lambda state: not state["typing"], "the field to close")
    assert state["prompt"] == "wram at dawn – été 雨"
    desk.wait(lambda state: state["frame_prompt"] == state["prompt"], "a picture of the prompt")
    assert desk.state["folder"] is None
    desk.ask("press", key="p")
    desk.wait(lambda state: state["typing"], "the field")
    desk.ask("post", kind="TEXTINPUT", text="never")
    desk.wait(lambda state: state["typed"] == "never", "typing to replace the text")
    desk.ask("press", key="escape")
    state = desk.wait(lambda state: not state["typing"], "Escape to cancel")
    assert state["prompt"] == "wram at dawn – été 雨"
    assert not state["closing"]


def test_another_prompt_is_another_picture(open_desk: OpenDesk) -> None:
    desk = open_desk("embedded")
    before = np.array(desk.ask("picture"))
    desk.ask("press", key="p")
    desk.wait(lambda state: state["typing"], "the field")
    desk.ask("post", kind="TEXTINPUT", text="snow on a bright winter morning")
    desk.ask("press", key="return")
    wanted = "snow on a bright winter morning"
    desk.wait(lambda state: state["frame_prompt"] == wanted and state["settled"], "the picture to go over")
    assert np.abs(np.array(desk.ask("picture")) - before).max() > 10
    assert desk.close()["heavy"] == [], "torch belongs in the generator's process"


def test_a_take_is_recorded_and_plays(open_desk: OpenDesk) -> None:
    desk = open_desk()
    desk.ask("press", key="m")
    desk.ask("press", key="r")
    folder = Path(desk.wait(lambda state: state["folder"], "the take to begin")["folder"])
    desk.ticks(45)
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=0)
    desk.wait(lambda state: any("saved" in notice for notice in state["notices"]), "the take to be saved")
    written = json.loads((folder / "take.json").read_text())
    assert written["state"] == "complete"
    assert written["generator"]["name"] == "proxy"
    assert written["slate"]["shot"] == "orbit"
    assert decoded_frames(folder / "video.mp4") == written["result"]["frames"] > 5
    track = [json.loads(line) for line in (folder / "track.jsonl").read_text().splitlines()]
    assert len(track) == written["result"]["ticks"] >= 45
    assert [line["tick"] for line in track] == list(range(track[0]["tick"], track[0]["tick"] + len(track)))
    assert any(line["generated_tick"] is not None for line in track)
    assert (folder / "thumbnail.png").stat().st_size > 500
    # The next take has the next number, also of the same move.
    desk.ask("press", key="r")
    second = Path(desk.wait(lambda state: state["folder"], "another take")["folder"])
    assert second != folder
    # Closing the window while it is recorded keeps it whole.
    desk.ticks(20)
    last = desk.close()["take"]
    assert last["folder"] == str(second)
    assert last["error"] == ""
    assert decoded_frames(second / "video.mp4") == last["frames"] > 2


def test_a_killed_generator_comes_back_during_a_take(open_desk: OpenDesk) -> None:
    desk = open_desk(options={"delay_s": 0.03})
    desk.ask("press", key="m")
    desk.ask("press", key="r")
    started = desk.wait(lambda state: state["folder"], "the take to begin")
    desk.ticks(10)
    os.kill(started["pid"], signal.SIGKILL)
    desk.wait(lambda state: state["restarts"] == 1, "the restart to be noticed")
    # The viewport goes on meanwhile, with the picture it has.
    before = desk.state
    desk.ticks(5)
    returned = desk.wait(
        lambda state: state["phase"] == "running" and state["generated"] > before["generated"] + 3,
        "pictures from the new process",
    )
    assert returned["pid"] != started["pid"]
    assert any("restarted" in notice or "restarting" in notice for notice in returned["notices"])
    assert returned["folder"] == started["folder"]
    desk.ask("press", key="r")
    desk.wait(lambda state: any("saved" in notice for notice in state["notices"]), "the take to be saved")
    folder = Path(started["folder"])
    written = json.loads((folder / "take.json").read_text())
    assert written["state"] == "complete"
    assert decoded_frames(folder / "video.mp4") == written["result"]["frames"]
    assert len((folder / "track.jsonl").read_text().splitlines()) == written["result"]["ticks"]


def test_a_generator_that_hangs_during_a_take_is_replaced(open_desk: OpenDesk) -> None:
    desk = open_desk(patience={"silent_s": 60.0, "first": 3, "least_s": 1.0})
    desk.ask("press", key="m")
    desk.ask("press", key="r")
    started = desk.wait(
        lambda state: state["folder"] and state["generated"] > 5, "the take to begin, and pictures"
    )
    os.kill(started["pid"], signal.SIGSTOP)
    stuck = desk.wait(
        lambda state: (
            state["restarts"] == 1 and any("no sign of life" in notice for notice in state["notices"])
        ),
        "the watchdog, and its notice",
    )
    assert stuck["ticks"] > started["ticks"] + 5
    desk.wait(
        lambda state: state["phase"] == "running" and state["generated"] > stuck["generated"] + 3,
        "pictures from the new process",
    )
    desk.ask("press", key="r")
    desk.wait(lambda state: any("saved" in notice for notice in state["notices"]), "the take to be saved")
    folder = Path(started["folder"])
    written = json.loads((folder / "take.json").read_text())
    assert written["state"] == "complete"
    assert decoded_frames(folder / "video.mp4") == written["result"]["frames"]
    assert len((folder / "track.jsonl").read_text().splitlines()) == written["result"]["ticks"]
    assert written["result"]["ticks"] >= stuck["ticks"] - started["ticks"]


def test_where_no_take_can_be_written_the_viewport_says_so(open_desk: OpenDesk, tmp_path: Path) -> None:
    (tmp_path / "occupied").write_text("a file where the folder should be")
    desk = open_desk(takes=str(tmp_path / "occupied"))
    desk.ask("press", key="r")
    desk.wait(lambda state: any("occupied" in notice for notice in state["notices"]), "a notice")
    assert desk.state["folder"] is None
    desk.ask("press", key="f12")
    desk.wait(lambda state: len(state["notices"]) >= 1, "a notice of the still")
    assert desk.close()["take"] is None


def test_a_snapshot_is_the_picture(open_desk: OpenDesk) -> None:
    from PIL import Image

    desk = open_desk()
    desk.ask("post", kind="CONTROLLERBUTTONDOWN", instance_id=0, button=3)
    desk.wait(lambda state: any("Picture saved" in notice for notice in state["notices"]), "the snapshot")
    (path,) = (desk.takes / "night_alley" / "stills").iterdir()
    picture = np.asarray(Image.open(path))
    assert picture.shape == (144, 256, 3)
    assert picture.mean(axis=(0, 1)) == pytest.approx(desk.ask("picture")[:3], abs=0.5)


def test_the_window_may_shrink_vanish_and_lose_focus(open_desk: OpenDesk) -> None:
    desk = open_desk()
    for size in ((50, 40), (1500, 300), (300, 850)):
        desk.ask("resize", width=size[0], height=size[1])
        desk.ticks(3)
    desk.ask("post", kind="WINDOWMINIMIZED")
    before = desk.ticks(2)
    desk.ask("post", kind="WINDOWRESTORED")
    desk.ask("hold", key="w")
    desk.wait(lambda state: distance(state["position"], before["position"]) > 0.2, "the camera to move")
    # The key is let go in another window: nobody tells this one.
    desk.ask("post", kind="WINDOWFOCUSLOST")
    desk.wait(lambda state: state["settled"], "the camera to stop")
    desk.ask("post", kind="QUIT")
    desk.wait(lambda state: state["closing"], "the wish to close")
    desk.close()


def test_the_command_opens_a_window_and_escape_closes_it(environment: dict[str, str], tmp_path: Path) -> None:
    command = ["-m", "director", "open", "desert_road", "--generator", "proxy"]
    program = subprocess.Popen([sys.executable, *command], env=environment, cwd=tmp_path)
    try:
        focus_window(environment, program.pid)
        end = time.monotonic() + 60
        # Keys that come before the loop turns are lost with nobody to blame: press until heard.
        while program.poll() is None and time.monotonic() < end:
            subprocess.run(["xdotool", "key", "Escape"], env=environment, check=True, timeout=30)
            time.sleep(0.5)
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.wait(10)


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by DISPLAY on Linux alone")
@pytest.mark.parametrize(
    ("named", "words"),
    [
        (
            {"DISPLAY": ":9876"},
            "display: DISPLAY=:9876 does not answer (start it in a desktop session, or use",
        ),
        ({}, "display: there is none to open a window on (start it in a desktop session"),
        (
            {"DISPLAY": ":9876", "SDL_VIDEODRIVER": "x11"},
            "display: no window can be opened: x11 not available",
        ),
    ],
)
def test_without_a_display_that_answers_the_error_is_one_line(
    environment: dict[str, str], tmp_path: Path, named: dict[str, str], words: str
) -> None:
    without = {
        name: value
        for name, value in environment.items()
        if name not in ("DISPLAY", "SDL_VIDEODRIVER", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
    }
    command = [sys.executable, "-m", "director", "open", "desert_road", "--generator", "proxy"]
    done = subprocess.run(
        command,
        env={**without, **named},
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert done.stderr.count("\n") == 1
    assert done.stderr.startswith(f"director: {words}")


@pytest.mark.skipif(sys.platform != "linux", reason="Wayland and its X server are on Linux alone")
@pytest.mark.parametrize("session", [{"XDG_SESSION_TYPE": "wayland"}, {"SDL_VIDEO_X11_FORCE_EGL": "1"}])
def test_it_opens_under_wayland_s_x_server_and_with_egl(
    environment: dict[str, str], tmp_path: Path, session: dict[str, str]
) -> None:
    desk = Driven({**environment, **session}, generator="proxy", takes=str(tmp_path))
    try:
        desk.wait(lambda state: state["frame_tick"] is not None, "a first picture")
        desk.ask("press", key="f1")
        desk.wait(lambda state: state["help"], "help")
        desk.close()
    finally:
        desk.kill()


def test_a_scene_that_is_not_there_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    command = [sys.executable, "-m", "director", "open", "no_such_scene", "--generator", "proxy"]
    done = subprocess.run(
        command, env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False
    )
    assert done.returncode == 2
    assert "no_such_scene" in done.stderr
    assert "Traceback" not in done.stderr
