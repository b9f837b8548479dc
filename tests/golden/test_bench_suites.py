"""The suites of `director bench`, cut short: every case and figure is there, and is a number of sense."""

import json
import re
import subprocess
import sys

import pytest

_SHORT = {
    "passes": "module._COUNTS = (50,); module._SIZES = ((128, 72),); module._CASE_S = 0.1",
    "generator": "module._SIZES = ((128, 72),); module._CASE_S = 0.1",
    "loop": "module._SIZE = (128, 72); module._WARM_UP_S = 0.2; module._MEASURED_S = 1.0",
    "deadline": (
        "module._SIZE = (128, 72); module._RATES = (10.0,); module._FINDING_S = 1.0; module._MEASURED_S = 2.0"
    ),
    "soak": "module._SIZE = (128, 72); module._SECONDS = 3.0; module._FINDING_S = 0.5",
    "reprojection": (
        "module._SIZE = (128, 72); module._FRAMES = 14; module.CASES = (('living_room', 'pan'),)"
    ),
    "steadiness": (
        "module._SIZE = (128, 72); module._FRAMES = 6; module._MOVES = 1;"
        " module.scene_names = lambda: ['night_alley']"
    ),
    "answer": "module._SIZE = (128, 72); module._TICKS = 40; module._RATES = (5,)",
    "steady": (
        "module._SIZES = ((128, 72),); module._ROUNDS = 4; module._LARGE = (256, 144);"
        " module.scene_names = lambda: ['living_room']"
    ),
}


@pytest.mark.parametrize(
    ("suite", "cases", "figures"),
    [
        ("passes", {"50 proxies, 128x72", "50 proxies, 128x72, readback"}, {"tick_p50_ms", "tick_p99_ms"}),
        ("generator", {"proxy, 128x72"}, {"frame_p50_ms", "frame_p99_ms", "frames_per_s"}),
        (
            "loop",
            {"proxy, 128x72"},
            {"tick_p50_ms", "tick_p95_ms", "tick_p99_ms", "input_to_display_p50_ms", "age_p99_ms"},
        ),
        (
            "deadline",
            {"proxy, 10 asked"},
            {"answer_p50_ms", "answer_p99_ms", "deadline_miss", "size_used", "generated_per_s", "changes"}
            | {"shown_p99_ms", "shown_miss", "interval_p50_ms", "interval_p99_over_p50"},
        ),
        (
            "soak",
            {"proxy, 0 minutes"},
            {"answer_p99_over_p50", "deadline_miss", "shown_p99_over_p50", "interval_p99_over_p50"},
        ),
        (
            "reprojection",
            {"living_room, pan, 5 pictures a second"},
            {"held_error_255", "carried_error_255", "steadied_error_255", "steadied_detail_kept"},
        ),
        (
            "steadiness",
            {"night_alley, dolly-in"},
            {"raw_warp_error_255", "steadied_warp_error_255", "blended_detail_kept"},
        ),
        ("answer", {"proxy, 5 pictures a second"}, {"answer_p50_ticks", "answer_p99_ticks", "tick_p99_ms"}),
        (
            "steady",
            {"parts, 128x72", "living_room, enlarged to 256x144"},
            {"gbuffer_p50_ms", "stabilise_p99_ms", "composite_over_gbuffer", "guided_edge_recall"},
        ),
    ],
)
def test_a_suite_gives_its_figures(suite: str, cases: set[str], figures: set[str]) -> None:
    program = (
        f"from director.cli.bench import {suite} as module; {_SHORT[suite]}\n"
        "from director.cli.main import main\n"
        f"if __name__ == '__main__': main(['bench', '{suite}', '--generator', 'proxy', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = json.loads(done.stdout.splitlines()[-1])[suite]
    assert set(found) == cases
    assert figures <= {name for case in found.values() for name in case}
    for case in found.values():
        # Of misses and changes there may be none.
        assert all(value > 0 for name, value in case.items() if re.search(r"_p\d\d_|_per_s", name))
        for name, value in case.items():
            if "_p50_" in name and name.replace("_p50_", "_p99_") in case:
                assert value <= case[name.replace("_p50_", "_p99_")]


def test_the_picture_carried_along_is_nearer_and_answers_at_once() -> None:
    program = (
        f"from director.cli.bench import reprojection as module; {_SHORT['reprojection']}\n"
        f"from director.cli.bench import answer as module; {_SHORT['answer']}\n"
        "from director.cli.main import main\n"
        "if __name__ == '__main__':\n"
        "    for suite in ('reprojection', 'answer'):\n"
        "        main(['bench', suite, '--generator', 'proxy', '--json'])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    found = {
        name: figure
        for line in done.stdout.splitlines()
        if line.startswith("{")
        for suite in json.loads(line).values()
        for case in suite.values()
        for name, figure in case.items()
    }
    assert found["steadied_error_255"] < 0.3 * found["held_error_255"]
    assert found["answer_p99_ticks"] == 1
