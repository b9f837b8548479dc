"""`director open --template`: a new scene from the command line, saved under its name."""

import json
import subprocess
import sys
import time
from pathlib import Path

from tests.window.driven import focus_window

_COMMAND = [sys.executable, "-m", "director", "open", "--generator", "proxy"]


def test_a_template_is_begun_and_saved_under_the_name_given(
    environment: dict[str, str], tmp_path: Path
) -> None:
    command = [*_COMMAND, "--template", "dialogue", "talk"]
    program = subprocess.Popen(command, env=environment, cwd=tmp_path)
    saved = tmp_path / "sets" / "talk.json"
    try:
        focus_window(environment, program.pid)
        end = time.monotonic() + 60
        # Keys that come before the loop turns are lost: press until heard.
        for key, is_heard in (("ctrl+s", saved.exists), ("Escape", lambda: program.poll() is not None)):
            while not is_heard() and time.monotonic() < end:
                subprocess.run(["xdotool", "key", key], env=environment, check=True, timeout=30)
                time.sleep(0.5)
        assert program.wait(30) == 0
    finally:
        program.kill()
        program.wait(10)
    scene = json.loads(saved.read_text())
    assert scene["name"] == "talk"
    assert {"anna", "ben"} <= {placed["name"] for placed in scene["objects"]}


def test_a_template_that_is_not_there_is_one_line(environment: dict[str, str], tmp_path: Path) -> None:
    done = subprocess.run(
        [*_COMMAND, "--template", "musical"],
        env=environment,
        cwd=tmp_path,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 2
    assert "musical: there is no template of that name (templates: dialogue," in done.stderr
    assert "Traceback" not in done.stderr
