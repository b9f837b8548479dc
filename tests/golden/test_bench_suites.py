"""The suites of `director bench`, cut short: every case and figure is there, and is a number of sense."""

import json
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
            {"answer_p50_ms", "answer_p99_ms", "deadline_miss", "size_used", "generated_per_s", "changes"},
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
    for case in found.values():
        assert figures <= set(case)
        # Of misses and changes there may be none.
        assert all(value > 0 for name, value in case.items() if "_p" in name or "_per_s" in name)
        for name, value in case.items():
            if "_p50_" in name and name.replace("_p50_", "_p99_") in case:
                assert value <= case[name.replace("_p50_", "_p99_")]
