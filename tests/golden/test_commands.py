"""Commands that need the whole machine: graphics, torch, ffmpeg."""

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from director.cli.main import main
from director.take.folder import read_json


@pytest.mark.skipif(
    sys.platform == "win32", reason="Windows has no SIGINT that reaches one process and not its console"
)
def test_ctrl_c_while_shooting_closes_the_take(tmp_path: Path) -> None:
    arguments = ["shoot", "night_alley", "--generator", "proxy", "--size", "64x36", "--seconds", "3000"]
    process = subprocess.Popen(
        [sys.executable, "-m", "director", *arguments, "--out", str(tmp_path)],
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
        # Tests that run in the background inherit an ignored Ctrl-C.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    )
    track = tmp_path / "night_alley" / "dolly-in_T001" / "track.jsonl"
    end = time.monotonic() + 30
    while not (track.exists() and track.stat().st_size > 20_000):
        assert time.monotonic() < end
        time.sleep(0.05)
    os.kill(process.pid, signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == ""
    assert "Traceback" not in err
    assert err.splitlines()[-1] == "director: interrupted"
    document = read_json(track.parent / "take.json")
    assert document["state"] == "short"
    assert b"moof" not in (track.parent / "video.mp4").read_bytes()


def test_the_doctor_finds_or_mends_each(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    found = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert {"graphics", "torch", "ffmpeg", "pad", "generator", "display"} <= set(found)
    for check in found.values():
        assert set(check) == {"ok", "found", "mend"}
        assert check["found"]
        assert check["ok"] or check["mend"]
    assert found["ffmpeg"]["ok"]
    assert found["graphics"]["ok"]
    assert found["torch"]["ok"]
