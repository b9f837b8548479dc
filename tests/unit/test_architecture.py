"""The shape of the code: layers, what may import what, file lengths, and a light `import director`."""

import ast
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "director"

# Lowest first. A part may import parts of lower rows, and itself.
ROWS: tuple[frozenset[str], ...] = (
    frozenset(
        {"director", "types", "math3d", "clock", "errors", "family", "resources", "curves", "compiling"}
    ),
    frozenset({"camera", "scene", "direction", "input"}),
    frozenset({"conditioning", "meters", "shots"}),
    frozenset({"passes"}),
    frozenset({"composite"}),
    frozenset({"generate", "viewport"}),
    frozenset({"take"}),
    frozenset({"app"}),
    frozenset({"cli", "__main__"}),
)
# Within a row nothing imports its neighbours, save for these.
NEIGHBOURS = {("math3d", "types"), ("scene", "camera"), ("input", "camera"), ("__main__", "cli")}
# The heavy packages, and the only parts that may import them.
HEAVY = {
    "torch": {"generate", "cli"},
    "diffusers": {"generate"},
    "transformers": {"generate"},
    "ray": {"generate"},
    "numba": {"compiling", "composite", "generate", "passes"},
    "grpc": {"generate"},
    "moderngl": {"passes", "composite", "viewport", "app", "cli", "take"},
    "pygame": {"input", "viewport", "app", "cli"},
    "imgui_bundle": {"viewport", "app"},
}


def modules() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


def part_of(path: Path) -> str:
    first = path.relative_to(PACKAGE).parts[0]
    return "director" if first == "__init__.py" else first.removesuffix(".py")


def imports(path: Path) -> Iterator[str]:
    """Dotted names of everything a module imports, anywhere in it."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            assert node.module is not None
            # `from director import camera` names the part in the alias.
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def row_of(part: str) -> int:
    for number, row in enumerate(ROWS):
        if part in row:
            return number
    raise AssertionError(f"director/{part} has no place in the layers")


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_downwards(path: Path) -> None:
    mine = part_of(path)
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "director":
            theirs = parts[1] if len(parts) > 1 and not parts[1].startswith("__") else "director"
            if theirs == mine:
                continue
            lower = row_of(theirs) < row_of(mine)
            assert lower or (mine, theirs) in NEIGHBOURS, f"{path.relative_to(ROOT)} imports {name}"
        allowed = HEAVY.get(parts[0])
        assert allowed is None or mine in allowed, f"{path.relative_to(ROOT)} imports {name}"


def test_layers_have_no_cycle_within_a_row() -> None:
    assert not {(a, b) for a, b in NEIGHBOURS if (b, a) in NEIGHBOURS}


def test_no_file_is_longer_than_500_lines() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    endings = {".py", ".glsl", ".frag", ".vert"}
    files = [ROOT / line for line in listed.stdout.splitlines() if Path(line).suffix in endings]
    assert files
    lengths = {str(path): len(path.read_bytes().splitlines()) for path in files if path.exists()}
    assert not {path: lines for path, lines in lengths.items() if lines > 500}


def loaded_after(statement: str) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", f"{statement}; import sys; print(*sys.modules)"],
        capture_output=True,
        text=True,
        check=True,
    )
    return {name.split(".")[0] for name in done.stdout.split()}


def test_importing_director_loads_nothing_heavy() -> None:
    assert not loaded_after("import director") & HEAVY.keys()


@pytest.mark.parametrize("part", ["scene.load", "camera.view", "generate", "cli.main", "direction"])
def test_the_plain_parts_load_without_torch_opengl_or_a_window(part: str) -> None:
    assert not loaded_after(f"import director.{part}") & HEAVY.keys()


def test_the_viewport_never_loads_torch() -> None:
    assert "torch" not in loaded_after("import director.app.loop")
