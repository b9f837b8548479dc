"""Rows of pieces: what a wall, its panes and its trims, and a person's skin and clothes, are made of."""

from collections.abc import Mapping, Sequence

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from director.generate.embedded.look import MATERIAL, MATERIAL_DEFAULT, SCENE_DEFAULT
from director.generate.embedded.materials import ROW
from director.generate.embedded.patterns import Patterns, surface_rows
from director.generate.embedded.people import HAIRS, SKINS
from director.generate.embedded.pieces import PIECE, piece_rows
from director.generate.embedded.stuffs import STUFFS
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.finish.finished import FinishedScene
from director.scene.finish.stuff import stuff_index

Rows = NDArray[np.float32]

_AT = {name: i for i, name in enumerate(MATERIAL)}
_FIRST = slice(_AT["first_red"], _AT["first_blue"] + 1)
_SECOND = slice(_AT["second_red"], _AT["second_blue"] + 1)
_BANDS = slice(_AT["brick"], _AT["lit"] + 1)
_PERSON, _PANE = ROW - 1, PIECE - 1
_BRICK = {
    "first_red": 0.6, "first_green": 0.25, "first_blue": 0.2, "brick": 0.9, "blotches": 0.2, "windows": 0.8,
    "lit": 0.4, "gloss": 0.1, "emission": 0.0,
}  # fmt: skip


def _row(person: float = 0.0, **said: float) -> Rows:
    return np.array([*{**MATERIAL_DEFAULT, **said}.values(), person], np.float32)


def _pieces(*told: tuple[int, str, bool]) -> NDArray[np.int32]:
    return np.array([(owner, stuff_index(stuff), finished) for owner, stuff, finished in told], np.int32)


def _linear(srgb: Rows) -> Rows:
    return np.asarray(np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4), np.float32)


def test_a_brick_house_has_brick_walls_panes_and_trims() -> None:
    rows = np.stack([_row(), _row(**_BRICK)])
    told = _pieces((1, "own", False), (2, "own", True), (2, "pane", True), (2, "light trim", True))
    made = piece_rows(rows, told)
    assert made.shape == (4, PIECE)
    assert made.dtype == np.float32
    other, wall, pane, trim = made
    np.testing.assert_array_equal(other[:-1], rows[0])
    # The wall is what the object is, without windows painted where they are built.
    windowless = rows[1].copy()
    windowless[[_AT["windows"], _AT["lit"]]] = 0
    np.testing.assert_array_equal(wall[:-1], windowless)
    # A pane is told from the object's own row: how many are lit is said there.
    np.testing.assert_array_equal(pane[:-1], rows[1])
    np.testing.assert_array_equal(made[:, _PANE], [0, 0, 1, 0])
    # A trim is of its own colour, nearly, and of no bricks.
    stuff = STUFFS[stuff_index("light trim")]
    expected = (1 - stuff.tint) * rows[1][_FIRST] + stuff.tint * np.array(stuff.colour)
    np.testing.assert_allclose(trim[_FIRST], expected, atol=1e-6)
    assert not trim[_BANDS].any()


def test_windows_are_painted_where_none_are_built() -> None:
    rows = np.stack([_row(**_BRICK), _row(**_BRICK), _row(**_BRICK)])
    made = piece_rows(rows, _pieces((1, "own", False), (2, "own", True), (3, "own", True), (3, "pane", True)))
    assert [row[_AT["windows"]] for row in made[:2]] == pytest.approx([0.8, 0.8])
    assert made[2, _AT["windows"]] == 0


@pytest.mark.parametrize(("windows", "glass"), [(0.8, 0.8), (0.0, 0.0)])
def test_a_pane_is_glass_only_where_the_material_has_windows(windows: float, glass: float) -> None:
    rows = np.stack([_row(**{**_BRICK, "windows": windows})])
    made = piece_rows(rows, _pieces((1, "own", True), (1, "pane", True)))
    look = torch.tensor([list(SCENE_DEFAULT.values())], dtype=torch.float32)
    surface = surface_rows(torch.from_numpy(made)[None], look)
    # Where the map has no panes at all: what is built decides.
    found = Patterns(torch.zeros(1, 1, 2, 16, dtype=torch.uint8), surface.transpose(1, 2)[:, :, None])
    np.testing.assert_allclose(found.pane[0, 0].numpy(), [0.0, glass], atol=1e-6)


def test_each_piece_is_of_its_owner_whatever_the_order() -> None:
    rows = np.stack([_row(first_red=0.1 * i) for i in range(1, 6)])
    owners = [1, 1, 3, 4, 5]
    names = ["own", "glass", "own", "own second", "own"]
    made = piece_rows(rows, _pieces(*((o, n, True) for o, n in zip(owners, names, strict=True))))
    np.testing.assert_array_equal(made[0, :-1], rows[0])
    np.testing.assert_array_equal(made[2, :-1], rows[2])
    np.testing.assert_array_equal(made[4, :-1], rows[4])
    np.testing.assert_allclose(made[1, _FIRST], STUFFS[stuff_index("glass")].colour, atol=1e-6)
    np.testing.assert_allclose(made[3, _FIRST], rows[3][_SECOND], atol=1e-6)


def test_what_is_not_finished_is_what_it_is_whatever_its_stuff() -> None:
    rows = np.stack([_row(**_BRICK), _row(person=1.0)])
    made = piece_rows(rows, _pieces((1, "own", False), (2, "own", False), (2, "dark trim", False)))
    np.testing.assert_array_equal(made[:, :-1], rows[[0, 1, 1]])
    assert not made[:, _PANE].any()
    # One who is not finished is dressed by place, as a person.
    assert made[1, _PERSON] == 1


_WORN = {
    "first_red": 0.2, "first_green": 0.3, "first_blue": 0.7, "second_red": 0.15, "second_green": 0.12,
    "second_blue": 0.1, "weave": 0.8, "stripes": 0.6, "gloss": 0.5, "metal": 0.3, "emission": 0.4,
    "wear": 0.6,
}  # fmt: skip
_BODY = ("skin", "lips", "hair", "garment top", "garment legs")


def _person(**said: float) -> Mapping[str, Rows]:
    """The rows of a finished person's pieces, by stuff."""
    rows = np.stack([_row(), _row(person=1.0, **_WORN, **said)])
    made = piece_rows(rows, _pieces((1, "own", False), *((2, name, True) for name in _BODY)))
    return dict(zip(("other", *_BODY), made, strict=True))


def _stops(tones: tuple[Sequence[float], Sequence[Sequence[float]]]) -> list[tuple[float, Sequence[float]]]:
    return list(zip(*tones, strict=True))


@pytest.mark.parametrize(("tone", "colour"), _stops(SKINS))
def test_skin_is_as_light_as_it_was_told_and_lips_are_redder(tone: float, colour: Sequence[float]) -> None:
    made = _person(skin=tone)
    np.testing.assert_allclose(_linear(made["skin"][_FIRST]), colour, atol=2e-3)
    lips, skin = made["lips"][_FIRST], made["skin"][_FIRST]
    assert (lips < skin).all()
    assert lips[0] / skin[0] > lips[1] / skin[1]


@pytest.mark.parametrize(("tone", "colour"), _stops(HAIRS))
def test_hair_has_the_colour_it_was_told(tone: float, colour: Sequence[float]) -> None:
    np.testing.assert_allclose(_linear(_person(hair=tone)["hair"][_FIRST]), colour, atol=2e-3)


def test_a_person_wears_the_first_colour_above_and_the_second_below() -> None:
    made = _person()
    np.testing.assert_allclose(made["garment top"][_FIRST], [0.2, 0.3, 0.7], atol=1e-6)
    np.testing.assert_allclose(made["garment legs"][_FIRST], [0.15, 0.12, 0.1], atol=1e-6)
    for name in ("garment top", "garment legs"):
        # Clothes keep their patterns and their gloss.
        assert made[name][_AT["stripes"]] == pytest.approx(0.6)
        assert made[name][_AT["gloss"]] == pytest.approx(0.5)
    for name in ("skin", "lips", "hair"):
        # A body is no cloth: neither striped nor of metal, and it does not glow.
        assert not made[name][[_AT[band] for band in ("stripes", "metal", "emission", "wear")]].any()
        assert made[name][_AT["gloss"]] != pytest.approx(0.5)
    for name in _BODY:
        # Modelled where it is: not to be dressed by its place once more.
        assert made[name][_PERSON] == 0
        assert (made[name][_SECOND] < made[name][_FIRST]).all()


def test_only_people_are_dressed() -> None:
    # A statue may have skin; it is of its own material.
    rows = np.stack([_row(**_WORN)])
    made = piece_rows(rows, _pieces((1, "skin", True)))
    np.testing.assert_array_equal(made[0, :-1], rows[0])


def test_every_piece_of_a_whole_scene_has_a_row() -> None:
    objects = [
        {"kind": "box", "class": "house", "name": "h", "size": [6.0, 4.0, 5.0]},
        {"kind": "mannequin", "class": "person", "name": "p"},
        {"kind": "box", "class": "car", "name": "c", "size": [1.8, 1.4, 4.4]},
        {"kind": "box", "class": "sky", "name": "b", "size": [1.0, 1.0, 1.0]},
    ]
    scene = CompiledScene(Scene.model_validate({"schema_version": 1, "name": "few", "objects": objects}))
    pieces = FinishedScene(scene).pieces
    rows = np.stack([_row(**_BRICK), _row(person=1.0), _row(), _row()])
    made = piece_rows(rows, pieces)
    assert made.shape == (len(pieces), PIECE)
    assert np.isfinite(made).all()
    assert (made >= 0).all()
    assert (made <= 1).all()
    # All of a person is modelled, and nobody else is one.
    assert not made[:, _PERSON].any()
    np.testing.assert_array_equal(made[:, _PANE] == 1, pieces[:, 1] == stuff_index("pane"))


def test_of_no_pieces_there_are_no_rows() -> None:
    assert piece_rows(np.stack([_row()]), np.zeros((0, 3), np.int32)).shape == (0, PIECE)
