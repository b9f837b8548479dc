"""`director bench desk`, cut short, on a display and without one; what a crowd of objects looks like."""

import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from director.cli.bench.desk import crowded
from director.scene.compile import CompiledScene
from director.scene.load import load_scene
from tests.window.driven import Driven

_SHORT = (
    "from director.cli.bench import desk as module\n"
    "module._SIZE = (128, 72); module._TICKS = 4; module._WARM_UP = 1; module._TAKE_TICKS = 6\n"
    "module._OBJECTS = 120\n"
    "from director.cli.main import main\n"
    "if __name__ == '__main__': sys.exit(main(['bench', 'desk', '--generator', 'proxy', '--json']))"
)
_TABS = [
    "Objects",
    "Add",
    "Explore",
    "Properties",
    "Camera",
    "Framing",
    "Direction",
    "Shots",
    "Plan",
    "Timeline",
    "Takes",
]


def bench(environment: dict[str, str], folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", f"import sys\n{_SHORT}"],
        env={**environment, "PYTHONPATH": str(Path(__file__).parents[2])},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


def test_the_desk_is_measured_closed_and_with_each_tab_in_front(
    environment: dict[str, str], tmp_path: Path
) -> None:
    done = bench(environment, tmp_path)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])["desk"]
    assert {"closed", *(f"{tab} in front" for tab in _TABS)} <= set(found)
    crowds = {f"120 objects, {chosen} selected" for chosen in ("none", "one", "all")}
    assert crowds <= set(found)
    for case in found.values():
        assert 0 < case["tick_p50_ms"] <= case["tick_p95_ms"] <= case["tick_p99_ms"]
        assert case["tick_p99_over_p50"] == pytest.approx(case["tick_p99_ms"] / case["tick_p50_ms"], abs=0.01)
        # The panels are a part of the tick.
        assert 0 < case["panels_p50_ms"] <= case["panels_p99_ms"]
        assert case["panels_p50_ms"] < case["tick_p99_ms"]
    # It leaves nothing where it was started.
    assert list(tmp_path.iterdir()) == []


@pytest.mark.skipif(sys.platform != "linux", reason="displays are named by DISPLAY on Linux alone")
def test_without_a_display_it_says_that_it_needs_one(environment: dict[str, str], tmp_path: Path) -> None:
    named = ("DISPLAY", "SDL_VIDEODRIVER", "WAYLAND_DISPLAY", "XDG_RUNTIME_DIR")
    done = bench({name: value for name, value in environment.items() if name not in named}, tmp_path)
    assert done.returncode == 1
    assert (
        "bench desk: this suite opens a window, and that cannot be done: there is none to open a window on"
        in done.stderr
    )
    assert "xvfb-run" in done.stderr
    assert "Traceback" not in done.stderr


def test_a_crowd_is_as_many_as_were_asked_for_and_stands_in_the_room() -> None:
    scene = crowded(load_scene("living_room"), 300)
    assert len(scene.objects) == len({thing.name for thing in scene.objects}) == 300
    low, high = CompiledScene(scene).bounds(0.0)
    before = CompiledScene(load_scene("living_room")).bounds(0.0)
    assert (low, high) == before


def test_very_many_selected_things_are_outlined(open_desk: Callable[..., Driven], tmp_path: Path) -> None:
    desk = open_desk(scene="living_room")
    desk.ask("resize", width=1280, height=720)
    desk.ask("press", key="f10")
    desk.wait(lambda state: state["desk"] and state["settled"], "the desk")
    plain = desk.ask("window")
    desk.ask("press", key="a", mod=64)
    desk.wait(lambda state: len(state["selection"]) > 40, "all selected")
    desk.ticks(3)
    marked = desk.ask("window")
    changed = [
        (a, b)
        for row, other in zip(plain, marked, strict=True)
        for a, b in zip(row, other, strict=True)
        if a != b
    ]
    assert len(changed) > 100
    desk.ask("screenshot", path=str(tmp_path / "all.png"))
    desk.close()
