"""Where compiled loops are kept."""

import os
from pathlib import Path

from director import compiling
from director.compiling import cache_folder


def test_kernels_are_kept_where_the_platform_keeps_such_things(tmp_path: Path) -> None:
    home = tmp_path / "home"
    assert cache_folder("linux", {}, home) == home / ".cache" / "director" / "kernels"
    assert cache_folder("linux", {"XDG_CACHE_HOME": "/x"}, home) == Path("/x/director/kernels")
    assert cache_folder("darwin", {}, home) == home / "Library" / "Caches" / "director" / "kernels"
    assert cache_folder("win32", {"LOCALAPPDATA": "/l"}, home) == Path("/l/director/kernels")


def test_where_nothing_can_be_kept_a_folder_is_found_all_the_same(tmp_path: Path) -> None:
    free, taken = tmp_path / "free" / "kernels", tmp_path / "taken"
    assert compiling._writable(free) == free
    assert not list(free.iterdir())
    taken.write_text("a file where the folder should be")
    found = compiling._writable(taken / "kernels")
    assert found.is_dir()
    assert not found.is_relative_to(tmp_path)


def test_other_sources_are_another_version(tmp_path: Path) -> None:
    source = tmp_path / "loops.py"
    found = set()
    for content, text in (("x = 1", ""), ("x = 2", ""), ("x = 2", "y")):
        source.write_text(content)
        found.add(compiling._digest([source], text))
        assert compiling._digest([source], text) in found
    assert len(found) == 3


def test_what_is_compiled_of_another_version_is_not_taken(tmp_path: Path) -> None:
    for age in range(5):
        (tmp_path / f"old{age}").mkdir()
        os.utime(tmp_path / f"old{age}", (1000 - age, 1000 - age))
    first, second = (compiling._kept_in(tmp_path, version) for version in ("one", "two"))
    assert first != second
    assert compiling._kept_in(tmp_path, "one") == first
    assert {path.name for path in tmp_path.iterdir()} == {first.name, second.name, "old0", "old1"}
