"""The command line as scripts see it: exit statuses, one line of error, one line of JSON."""

import json
import os
import subprocess
import sys
from pathlib import Path
from types import ModuleType

import pytest

from director.camera import rigs
from director.cli import checks
from director.cli import main as command_line
from director.cli.main import main
from director.generate import backends
from director.take import exporters


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["no-such-command"], "no-such-command"),
        (["shot", "night_alley"], "did you mean shoot?"),
        (["night_alley"], "night_alley is a scene, not a command (director open night_alley)"),
        (["sets/mine.json"], "director open sets/mine.json"),
        (["list"], "scenes|moves|generators|rigs|exporters"),
        (["list", "cats"], "cats"),
        (["list", "scenes", "night_alley"], "leave SCENE out"),
        (["list", "moves", "no_such_scene"], "no_such_scene"),
        (["shoot", "night_alley"], "--out"),
        (["shoot", "night_alley", "--out", "{tmp}", "--size", "513x288"], "--size"),
        (["shoot", "night_alley", "--out", "{tmp}", "--size=-512x288"], "--size"),
        (["shoot", "night_alley", "--out", "{tmp}", "--fps", "0"], "--fps"),
        (["shoot", "night_alley", "--out", "{tmp}", "--seconds", "-1"], "--seconds"),
        (["shoot", "night_alley", "--out", "{tmp}", "--seed", "x"], "--seed"),
        (["shoot", "night_alley", "--out", "{tmp}", "--generator", "no-such"], "proxy"),
        (["shoot", "night_alley", "--out", "{tmp}", "--generator", "proxy", "--move", "no-such"], "dolly-in"),
        (["shoot", "{tmp}/none.json", "--out", "{tmp}"], "none.json"),
        (["shoot", "night_alley", "--out", "{tmp}", "--generator", "proxy", "--object-prompt", "x=y"], "x"),
        (["shoot", "night_alley", "--out", "{tmp}", "--object-prompt", "rusty"], "NAME=TEXT"),
        (["still", "night_alley", "--out", "{tmp}/a.jpg"], ".png"),
        (["still", "night_alley", "--out", "{tmp}/a.png", "--time", "nan"], "--time"),
        (["bench", "no-such-suite"], "passes"),
        (["open", "--size", "1x1"], "--size"),
        (["--size", "1x1"], "--size"),
    ],
)
def test_wrong_usage_is_one_line_and_status_2(
    arguments: list[str], words: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([argument.replace("{tmp}", str(tmp_path)) for argument in arguments]) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert printed.err.count("\n") == 1
    assert printed.err.startswith("director: ")
    assert words in printed.err


def test_lists_are_names_and_json_is_the_last_line(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "scenes"]) == 0
    assert {"night_alley", "living_room", "desert_road"} <= set(capsys.readouterr().out.split())
    assert main(["list", "moves", "night_alley", "--json"]) == 0
    moves = json.loads(capsys.readouterr().out.splitlines()[-1])
    assert len(moves) >= 4
    for family in ("scenes", "moves", "generators", "rigs", "exporters"):
        assert main(["list", family, "--json"]) == 0
        assert isinstance(json.loads(capsys.readouterr().out), list)


def test_help_names_every_command(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["--help"])
    assert caught.value.code == 0
    text = capsys.readouterr().out
    for command in ("open", "shoot", "still", "list", "doctor", "bench"):
        assert f"\n    {command} " in text


@pytest.mark.parametrize("asked", [["help"], ["help", "still"], ["still", "--help"]])
def test_help_is_given_however_it_is_asked_for(asked: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as caught:
        main(asked)
    assert caught.value.code == 0
    text = capsys.readouterr().out
    assert ("first steps" in text) == (asked == ["help"])
    assert ("--passes" in text) == ("still" in asked)


def test_first_steps_are_commands_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["--help"])
    steps = [line.split() for line in capsys.readouterr().out.split("first steps:")[1].splitlines()]
    named = {words[1] for words in steps if words[:1] == ["director"]}
    assert {"list", "shoot", "still", "doctor"} <= named
    for command in named & {"list", "shoot", "still", "doctor"}:
        with pytest.raises(SystemExit):
            main([command, "--help"])


def test_an_interruption_is_a_word_and_status_130(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(given: list[str]) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(command_line, "_run", interrupted)
    assert main(["list", "scenes"]) == 130
    assert capsys.readouterr().err == "director: interrupted\n"


def test_a_reader_that_goes_away_is_no_error() -> None:
    program = "import sys; from director.cli.main import main; sys.exit(main(['list', 'scenes']))"
    done = subprocess.run(
        f'{sys.executable} -c "{program}" | true', shell=True, capture_output=True, text=True, check=False
    )
    assert done.stderr == ""


@pytest.mark.parametrize(("variable", "lines"), [("", 1), ("1", 2)])
def test_a_mistake_in_the_program_is_one_line_unless_asked(variable: str, lines: int) -> None:
    program = (
        "import sys; from director.cli import main as it; it._run = lambda given: 1 / 0;"
        "sys.argv = ['director']; sys.exit(it.main())"
    )
    done = subprocess.run(
        [sys.executable, "-c", program],
        capture_output=True,
        text=True,
        check=False,
        env={**os.environ, "DIRECTOR_TRACEBACK": variable},
    )
    assert done.returncode == 1
    assert "ZeroDivisionError" in done.stderr
    assert (done.stderr.count("\n") > 1) == (lines > 1)
    assert ("Traceback" in done.stderr) == (lines > 1)


def test_a_folder_that_cannot_be_made_is_told_at_once(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("")
    out = str(tmp_path / "file" / "takes")
    assert main(["shoot", "night_alley", "--generator", "proxy", "--out", out]) == 1
    assert "no folder can be made here" in capsys.readouterr().err


def test_a_pass_never_lies_over_the_picture(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = ["--out", str(tmp_path / "base.png"), "--passes", str(tmp_path)]
    assert main(["still", "night_alley", "--generator", "proxy", *out]) == 2
    assert "a pass is written there too" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("family", "package"), [("rigs", rigs), ("exporters", exporters), ("generators", backends)]
)
def test_a_file_in_a_family_s_folder_is_listed(
    family: str,
    package: ModuleType,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list", family, "--json"]) == 0
    before = json.loads(capsys.readouterr().out)
    (tmp_path / "quite_new.py").write_text("raise AssertionError('listing imports nothing')")
    (tmp_path / "_shared.py").write_text("")
    monkeypatch.setattr(package, "__path__", [*package.__path__, str(tmp_path)])
    assert main(["list", family, "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == sorted([*before, "quite-new"])


def test_rigs_are_those_there_are_and_an_empty_family_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "rigs"]) == 0
    assert capsys.readouterr().out == "crane\nfly\nfollow\norbit\nrail\nsteadicam\nwalk\n"
    if not exporters.exporter_names():
        assert main(["list", "exporters"]) == 0
        said = capsys.readouterr()
        assert (said.out, said.err) == ("", "director: this version has no exporters\n")


@pytest.mark.parametrize(
    "program",
    [
        pytest.param(
            "/bin/false",
            marks=pytest.mark.skipif(
                sys.platform == "win32", reason="Windows has no program that does nothing but fail"
            ),
        ),
        "/no/such/python",
    ],
)
def test_a_check_that_crashes_is_a_finding(program: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "executable", program)
    finding = checks.run_apart("graphics")
    assert not finding.ok
    assert finding.found
    assert finding.mend
