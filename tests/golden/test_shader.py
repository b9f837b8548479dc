"""Shader files: includes, and errors that say where."""

from pathlib import Path
from typing import Any

import pytest

from director.errors import GraphicsError
from director.passes.shader import Source, load_program, load_source
from director.resources import shaders_folder


def write(folder: Path, **files: str) -> Path:
    for name, text in files.items():
        stem, kind = name.rsplit("_", 1)
        (folder / f"{stem}.{kind}").write_text(text, encoding="utf-8")
    return folder


GOOD_VERTEX = "in vec2 p;\nvoid main() { gl_Position = vec4(p, 0.0, 1.0); }\n"


def test_an_error_in_an_include_names_that_file_and_line(gl: Any, tmp_path: Path) -> None:
    write(
        tmp_path,
        main_vert=GOOD_VERTEX,
        main_frag='out vec4 c;\n#include "one.glsl"\nvoid main() { c = vec4(one() + two()); }\n',
        one_glsl='#include "two.glsl"\n\nfloat one() {\n    return nonsense;\n}\n',
        two_glsl="float two() { return 2.0; }\n",
    )
    with pytest.raises(GraphicsError, match=r"^one\.glsl:4: .*nonsense"):
        load_program(gl, "main.vert", "main.frag", folder=tmp_path)


def test_an_error_after_an_include_names_the_right_line(gl: Any, tmp_path: Path) -> None:
    write(
        tmp_path,
        main_vert=GOOD_VERTEX,
        main_frag='out vec4 c;\n#include "two.glsl"\n\nvoid main() {\n    c = wrong;\n}\n',
        two_glsl="float two() {\n    return 2.0;\n}\n",
    )
    with pytest.raises(GraphicsError, match=r"^main\.frag:5: .*wrong"):
        load_program(gl, "main.vert", "main.frag", {"UNUSED": "1", "ALSO": "2"}, tmp_path)


def test_an_error_in_the_vertex_stage_is_told_from_the_fragment_stage(gl: Any, tmp_path: Path) -> None:
    write(tmp_path, main_vert="void main() {\n    oops;\n}\n", main_frag="void main() {}\n")
    with pytest.raises(GraphicsError, match=r"^main\.vert:2: "):
        load_program(gl, "main.vert", "main.frag", folder=tmp_path)


def test_stages_that_do_not_fit_name_both_files(gl: Any, tmp_path: Path) -> None:
    write(
        tmp_path,
        main_vert="out vec2 shared_name;\nvoid main() { shared_name = vec2(1); gl_Position = vec4(1); }\n",
        main_frag="in vec4 shared_name;\nout vec4 c;\nvoid main() { c = shared_name; }\n",
    )
    with pytest.raises(GraphicsError, match=r"main\.vert \+ main\.frag"):
        load_program(gl, "main.vert", "main.frag", folder=tmp_path)


def test_defines_reach_every_file(gl: Any, tmp_path: Path) -> None:
    write(
        tmp_path,
        main_vert=GOOD_VERTEX,
        main_frag='#include "two.glsl"\nout vec4 c;\nvoid main() { c = vec4(two()); }\n',
        two_glsl="float two() { return AMOUNT; }\n",
    )
    load_program(gl, "main.vert", "main.frag", {"AMOUNT": "0.5"}, tmp_path).release()


@pytest.mark.parametrize(
    ("log", "place"),
    [
        ("0:2(5): error: `x' undeclared", "a.frag:1: error: `x' undeclared"),
        ("ERROR: 0:4: 'x' : undeclared identifier", "b.glsl:2: 'x' : undeclared identifier"),
        ("0(3) : error C1503: undefined variable", "b.glsl:1: error C1503: undefined variable"),
        ("0(9) : error C1503: undefined variable", None),
        ("something else", None),
    ],
)
def test_logs_of_every_driver_are_read(log: str, place: str | None) -> None:
    source = Source("", (("", 1), ("a.frag", 1), ("b.glsl", 1), ("b.glsl", 2)))
    assert source.locate(log) == place


def test_circles_and_missing_files_are_refused(tmp_path: Path) -> None:
    write(
        tmp_path,
        a_glsl='\n#include "b.glsl"\n',
        b_glsl='#include "a.glsl"\n',
        c_glsl='\n\n#include "gone.glsl"\n',
        d_glsl="#include <a.glsl>\n",
        twice_glsl='#include "leaf.glsl"\n#include "leaf.glsl"\n',
        leaf_glsl="float leaf;\n",
    )
    with pytest.raises(GraphicsError, match=r"b\.glsl:1: .*a\.glsl → b\.glsl → a\.glsl"):
        load_source("a.glsl", folder=tmp_path)
    with pytest.raises(GraphicsError, match=r"c\.glsl:3: .*gone\.glsl"):
        load_source("c.glsl", folder=tmp_path)
    with pytest.raises(GraphicsError, match=r"d\.glsl:1: "):
        load_source("d.glsl", folder=tmp_path)
    assert load_source("twice.glsl", folder=tmp_path).text.count("float leaf") == 1


def test_every_shipped_shader_stays_within_opengl_3_3() -> None:
    stages = [*shaders_folder().glob("*.vert"), *shaders_folder().glob("*.frag")]
    assert len(stages) > 8
    for path in stages:
        text = load_source(path.name).text
        assert text.startswith("#version 330 core\n")
        assert "#extension" not in text, path
        assert "#include" not in "".join(line for line in text.splitlines() if not line.startswith("//"))
