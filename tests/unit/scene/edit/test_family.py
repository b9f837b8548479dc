"""What every edit keeps to: frozen, described, and equal where it is given the same."""

import inspect

import pytest

from director.scene import edit
from director.scene.edit import Edit

EDITS = [
    found
    for found in (getattr(edit, name) for name in edit.__all__)
    if inspect.isclass(found) and issubclass(found, Edit) and found is not Edit
]


def test_the_folder_exports_every_edit() -> None:
    # By name: a dataclass with slots is made twice. Other parts have edits of their own.
    own = {kind for kind in Edit.__subclasses__() if kind.__module__.startswith(edit.__name__)}
    assert {kind.__name__ for kind in EDITS} == {kind.__name__ for kind in own}
    assert len(EDITS) > 30


@pytest.mark.parametrize("kind", EDITS, ids=[kind.__name__ for kind in EDITS])
def test_is_a_frozen_dataclass_with_words(kind: type[Edit]) -> None:
    assert kind.__doc__
    assert not kind.__doc__.startswith(f"{kind.__name__}(")
    assert vars(kind)["__dataclass_params__"].frozen
    assert "__slots__" in vars(kind)
    assert isinstance(inspect.getattr_static(kind, "label"), property)
