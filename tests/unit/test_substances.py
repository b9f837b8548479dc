"""Stuffs of the teacher as substances of the network."""

import pytest

from director.generate.embedded.painter.palette import GROUPS
from tools.teacher.finish.stuff import stuff_index
from tools.train import substances
from tools.train.substances import group_of_stuff


@pytest.mark.parametrize(
    ("stuff", "group"), [("own", "own"), ("mirror", "glass"), ("painted flesh", "yellow"), ("skin", "skin")]
)
def test_a_stuff_is_shown_as_its_substance(stuff: str, group: str) -> None:
    assert GROUPS[group_of_stuff()[1 + stuff_index(stuff)]].name == group


def test_a_stuff_there_is_not_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(substances, "_STUFFS", {"glass": ("glass", "looking glass")})
    with pytest.raises(ValueError, match="looking glass"):
        group_of_stuff()
