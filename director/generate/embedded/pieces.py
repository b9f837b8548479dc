"""Rows of numbers for the pieces of finished things, from the rows of the things that were blocked."""

from typing import Final

import numpy as np
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL
from director.generate.embedded.people import HAIRS, SKINS, tone_colour
from director.generate.embedded.stuffs import STUFFS
from director.scene.finish.stuff import stuff_index

__all__ = ["PIECE", "piece_rows"]

PIECE: Final = len(MATERIAL) + 2
"""Numbers a piece: its material, 1 where it is clothed like a person by its place, 1 where it is a pane."""

_FIRST = slice(MATERIAL.index("first_red"), MATERIAL.index("first_blue") + 1)
_SECOND = slice(MATERIAL.index("second_red"), MATERIAL.index("second_blue") + 1)
_BANDS = slice(MATERIAL.index("brick"), MATERIAL.index("lit") + 1)
_SKIN, _HAIR, _WEAVE, _GRAIN = (MATERIAL.index(name) for name in ("skin", "hair", "weave", "grain"))
_WINDOWS, _LIT = MATERIAL.index("windows"), MATERIAL.index("lit")
_PANE = stuff_index("pane")
# A person's material is what is worn: a body has its own.
_BODY: Final = {"gloss": 0.25, "metal": 0.0, "emission": 0.0, "wear": 0.0}
_LIPS = np.array([0.90, 0.72, 0.70], np.float32)  # of skin, sRGB
# How much of a pattern is seen of hair and of skin; and of what clothes' own weave says.
_STRANDS, _PORES, _FINE_CLOTH = 0.3, 0.07, 0.6
_DARKER = np.float32(0.8)


def piece_rows(rows: NDArray[np.float32], pieces: NDArray[np.int32]) -> NDArray[np.float32]:
    """float32[n, PIECE] from the objects' rows float32[objects, ROW], and `pieces` int32[n, 3] as
    scene.finish.finished has them."""
    owner, stuff, finished = pieces.T
    own = rows[owner - 1]
    made = np.zeros((len(pieces), PIECE), np.float32)
    made[:, :-1] = own
    with_panes = np.zeros(len(rows) + 1, np.bool_)
    with_panes[owner[stuff == _PANE]] = True
    for which in np.unique(stuff):
        at = np.flatnonzero((stuff == which) & (finished == 1))
        if which == _PANE:
            # Blind where the material has no windows: then it is of the object's own stuff.
            made[at, -1] = 1.0
        elif len(at):
            made[at, :-1] = STUFFS[which].row(own[at])
    # Where windows are built they are not painted as well.
    built = with_panes[owner] & (stuff != _PANE)
    made[built, _WINDOWS] = made[built, _LIT] = 0.0
    _clothe(made, own, stuff, finished)
    return made


def _clothe(
    made: NDArray[np.float32], own: NDArray[np.float32], stuff: NDArray[np.int32], finished: NDArray[np.int32]
) -> None:
    """People whose bodies are modelled have the colours of skin, hair and clothes where those are."""
    person = (own[:, -1] > 0.5) & (finished == 1)
    skin, hair = (tone_colour(own[:, at], colours) for at, colours in ((_SKIN, SKINS), (_HAIR, HAIRS)))
    for name, colour in (
        ("skin", skin),
        ("lips", skin * _LIPS),
        ("hair", hair),
        ("garment top", own[:, _FIRST]),
        ("garment legs", own[:, _SECOND]),
    ):
        at = np.flatnonzero(person & (stuff == stuff_index(name)))
        if not len(at):
            continue
        if not name.startswith("garment"):
            made[at, _BANDS] = 0.0
            made[at, _WEAVE if name == "hair" else _GRAIN] = _STRANDS if name == "hair" else _PORES
            for number, value in _BODY.items():
                made[at, MATERIAL.index(number)] = value
        else:
            made[at, _WEAVE] *= _FINE_CLOTH
        made[at, _FIRST] = colour[at]
        made[at, _SECOND] = _DARKER * colour[at]
        made[at, -2] = 0.0
