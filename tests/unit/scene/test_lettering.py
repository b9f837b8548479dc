"""Letters: what they are drawn of, how they are set, and how they stand on signs, in paint and in tubes."""

from itertools import combinations, pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from director.scene.detail import levels_of
from director.scene.finish.blocks import Pile, faces
from director.scene.finish.glyphs import GLYPHS, glyph_of, width_of
from director.scene.finish.letters import BRUSH, TUBE, in_tubes, inscribed, lettering, name_for, unit_of
from director.scene.finish.signboard import signboard
from director.scene.finish.strokes import ribbon, tube_of_glass
from director.scene.finish.thing import Piece, Thing
from director.scene.finish.told import Told
from director.scene.finish.writing import MOST_LETTERS
from director.scene.mesh import Mesh
from director.scene.proxies.box import Box
from director.scene.solid import is_solid

_DRAWN = sorted(set(GLYPHS) - {" "})
_SAID = "ROSE'S DINER & HOTEL 24/7"[:MOST_LETTERS]


def _flat(letter: str) -> list[Mesh]:
    glyph = GLYPHS[letter]
    ends = (glyph.left, glyph.left + glyph.wide)
    return [ribbon(stroke, BRUSH, 0.0, 1.0, ends, (-0.1, 0.1)) for stroke in glyph_of(letter)]


def _round(letter: str) -> list[Mesh]:
    return [tube_of_glass(stroke, TUBE / 2, 0.1) for stroke in glyph_of(letter)]


def _seen(letter: str) -> NDArray[np.bool_]:
    """bool[48, 48]: which places about a letter's box lie near its middle lines."""
    advance = GLYPHS[letter].advance
    x, y = np.meshgrid((np.arange(48) + 0.5) / 48 * 1.5, (np.arange(48) + 0.5) / 48)
    at = np.stack([x - (1.5 - advance) / 2, y], -1)[:, :, None]
    nearest = np.full(x.shape, np.inf)
    for stroke in glyph_of(letter):
        start, along = stroke[:-1], np.diff(stroke, axis=0)
        share = ((at - start) * along).sum(-1) / (along**2).sum(-1)
        foot = start + np.clip(share, 0, 1)[..., None] * along
        nearest = np.minimum(nearest, np.linalg.norm(at - foot, axis=-1).min(-1))
    return nearest < 0.05


def test_each_glyph_lies_within_its_box_in_paint_and_in_tubes() -> None:
    for letter in _DRAWN:
        advance = GLYPHS[letter].advance
        for stroke in glyph_of(letter):
            assert len(stroke) > 1
            assert (stroke[:, 1] >= 0).all(), letter
            assert (stroke[:, 1] <= 1).all(), letter
        for made, weight in ((_flat(letter), BRUSH), (_round(letter), TUBE)):
            at = np.concatenate([mesh.positions for mesh in made])
            assert at[:, 0].min() >= 0, letter
            assert at[:, 0].max() <= advance, letter
            # A curve of lines goes round its turn by a little.
            assert at[:, 1].min() >= -weight / 2 - 0.006, letter
            assert at[:, 1].max() <= 1 + weight / 2 + 0.006, letter


def test_capitals_and_figures_are_as_high_as_each_other() -> None:
    for letter in filter(str.isalnum, _DRAWN):
        at = np.concatenate([mesh.positions[:, 1] for mesh in _flat(letter)])
        # A curve of lines may fall short of where it turns.
        assert at.min() < -BRUSH / 2 + 0.02, letter
        assert at.max() > 1 + BRUSH / 2 - 0.03, letter


def test_no_two_glyphs_look_alike() -> None:
    seen = {letter: _seen(letter) for letter in _DRAWN}
    for one, other in combinations(_DRAWN, 2):
        apart = (seen[one] ^ seen[other]).sum()
        assert apart >= 20, (one, other)


def test_strokes_are_solid_and_few() -> None:
    counts = []
    for letter in _DRAWN:
        flat, tubes = _flat(letter), _round(letter)
        assert all(is_solid(mesh) for mesh in (*flat, *tubes)), letter
        for mesh in tubes:
            np.testing.assert_allclose(np.linalg.norm(mesh.normals, axis=1), 1.0, atol=1e-5)
        counts.append([sum(len(mesh.triangles) for mesh in made) for made in (flat, tubes)])
    assert (np.mean(counts, axis=0) <= (62, 150)).all()


def test_a_tube_is_round_all_along_and_a_ribbon_one_width() -> None:
    bent = np.array([(0.0, 0.0), (0.0, 1.0), (1.0, 1.0), (1.0, 0.4)])
    tube = tube_of_glass(bent, 0.1, 0.5)
    # From every vertex but the caps' to the middle line it is a radius, at corners more, across them.
    assert tube.positions[:, 2].max() == pytest.approx(0.6)
    first = tube.positions[:5] - (0.0, 0.0, 0.5)
    np.testing.assert_allclose(np.linalg.norm(first, axis=1), 0.1, atol=1e-6)
    assert tube.positions[:, 1].max() == pytest.approx(1 + 0.1 * np.cos(np.pi / 10), abs=1e-6)
    flat = ribbon(bent, 0.2, 0.0, 1.0, (0.0, 1.0), (-0.1, 0.1))
    front = flat.positions[flat.normals[:, 2] > 0.99]
    # It starts on the foot, so half its width below it; a corner is as wide as the stroke, mitred.
    np.testing.assert_allclose(front.min(0), (-0.1, -0.1, 0.1), atol=1e-6)
    np.testing.assert_allclose(front.max(0), (1.1, 1.1, 0.1), atol=1e-6)
    inner = front[(front[:, 0] > 0) & (front[:, 0] < 0.5)]
    np.testing.assert_allclose(inner[:, 0], 0.1, atol=1e-6)


def test_a_text_is_as_wide_as_its_letters_together() -> None:
    assert width_of("") == 0.0
    assert width_of("R&B 7") == pytest.approx(sum(GLYPHS[letter].advance for letter in "R&B 7"))
    assert width_of("IIII") < width_of("WWWW") / 2
    face = faces((4.0, 1.0, 0.2))[0]
    unit = unit_of(width_of("HOH"), 3.0, 0.4, BRUSH)
    pile = Pile()
    inscribed(pile, face, "paint white", "HOH", (-1.5, 1.5), (0.3, 0.7), (-0.01, 0.01), unit)
    (made,) = pile.pieces()
    inked = np.ptp(made.mesh.positions[:, 0])
    # But for the room beside the first and the last, less half a stroke each.
    beside = 2 * GLYPHS["H"].left * unit[0] - BRUSH * unit[1]
    assert inked == pytest.approx(width_of("HOH") * unit[0] - beside, abs=1e-5)
    # As high as there is room, since there is enough across.
    assert np.ptp(made.mesh.positions[:, 1]) == pytest.approx(0.4, abs=1e-3)


@pytest.mark.parametrize("side", range(4))
def test_writing_reads_from_left_to_right_on_every_face(side: int) -> None:
    face = faces((3.0, 1.0, 3.0))[side]
    painted, lit = Pile(), Pile()
    inscribed(painted, face, "neon", "L:::", (-1, 1), (0.2, 0.8), (-0.01, 0.01))
    in_tubes(lit, face, "neon", "L:::", (-1, 1), (0.2, 0.8), 0.0)
    for pile in (painted, lit):
        mesh = pile.pieces()[0].mesh
        out = face.points([(0, 0, 1.0)])[0] - face.points([(0, 0, 0)])[0]
        right = np.cross((0, 1, 0), out)
        across = mesh.positions @ right
        low = mesh.positions[:, 1] < 0.27
        # L's foot is at the left of its line, and at its own foot it reaches to the right of its stem.
        stem = across[mesh.positions[:, 1] > 0.78]
        assert (stem < across.mean()).all()
        assert across[low & (across < across.mean())].max() > stem.max() + 0.05
        assert is_solid(mesh)


def _sign(size: tuple[float, float, float], text: str, *traits: str, light: bool = False) -> list[Piece]:
    fields = {"kind": "box", "name": "sign", "class": "signboard", "size": size}
    proxy = Box.model_validate(fields | ({"light": {"strength": 1.0}} if light else {}))
    made = signboard(Thing(proxy, "signboard", size, 0, (), Told(text, frozenset(traits))))
    assert made is not None
    return made


def _of(pieces: list[Piece], stuff: str) -> NDArray[np.float32]:
    return np.concatenate([piece.mesh.positions for piece in pieces if piece.stuff == stuff])


def test_a_lamp_makes_tubes_before_a_dark_board_and_a_panel_stays_lit() -> None:
    size = (2.4, 0.9, 0.2)
    neon, told = _sign(size, "BAR", light=True), _sign(size, "BAR", "neon")
    for made in (neon, told):
        assert {piece.stuff for piece in made} == {"enamel", "iron", "neon"}
        glass = _of(made, "neon")
        # Off the board, on both sides of it.
        level = 0.1 - 0.02
        assert np.abs(glass[:, 2]).min() > level + 0.005
        assert np.abs(glass[:, 2]).max() < 0.1 + 0.1
        assert (glass[:, 2] > 0).any()
        assert (glass[:, 2] < 0).any()
    # Nothing of the board glows where the whole sign is told to.
    panel = _sign(size, "BAR", "panel", light=True)
    assert {piece.stuff for piece in panel} == {"own", "iron"}
    assert {piece.stuff for piece in _sign(size, "BAR", "dark")} == {"own", "iron", "dark trim", "lamp"}


@pytest.mark.parametrize("size", [(3.0, 0.8, 0.2), (0.9, 2.6, 0.2), (0.2, 1.6, 2.0), (0.5, 0.5, 0.05)])
@pytest.mark.parametrize("light", [False, True])
def test_whatever_is_written_stays_on_its_board(size: tuple[float, float, float], light: bool) -> None:
    across = 0 if size[0] >= size[2] else 2
    before = 0.0
    for count in range(1, 21):
        made = _sign(size, _SAID[:count].strip(), "dark", light=light)
        at = _of(made, "neon" if light else "dark trim")
        assert np.abs(at[:, across]).max() < size[across] / 2
        assert at[:, 1].min() > 0
        assert at[:, 1].max() < size[1]
        # Every letter has been drawn: more letters, more triangles.
        many = float(sum(len(piece.mesh.triangles) for piece in made))
        assert many >= before
        before = many


def test_upright_boards_have_letter_above_letter_and_wide_ones_lines() -> None:
    def middles(size: tuple[float, float, float]) -> NDArray[np.float32]:
        glass: NDArray[np.float32] = _of(_sign(size, "HHHH", light=True), "neon")
        glass = glass[glass[:, 2] > 0]
        # Without the border.
        within = (np.abs(glass[:, 0]) < 0.3 * size[0]) & (np.abs(glass[:, 1] - size[1] / 2) < 0.4 * size[1])
        return np.asarray(glass[within])

    upright, level = middles((0.8, 3.0, 0.2)), middles((3.0, 0.8, 0.2))
    assert np.ptp(upright[:, 1]) > 3 * np.ptp(upright[:, 0])
    assert np.ptp(level[:, 0]) > 2 * np.ptp(level[:, 1])


def test_where_nothing_is_said_a_name_stands_that_fits() -> None:
    names = {name_for(wide, 0.1, seed) for wide in (0.2, 0.5, 1.0) for seed in range(20)}
    assert len(names) > 8
    assert name_for(0.05, 0.1, 0) == ""
    face = faces((1.0, 1.0, 1.0))[0]
    for seed in range(6):
        piles = [Pile(), Pile()]
        for pile in piles:
            lettering(pile, face, "dark trim", (-0.3, 0.3), (0.4, 0.5), (-0.01, 0.002), seed)
        one, two = (pile.pieces()[0].mesh for pile in piles)
        assert one.positions.tobytes() == two.positions.tobytes()
        assert one.triangles.tobytes() == two.triangles.tobytes()
        assert np.abs(one.positions[:, 0]).max() <= 0.3
        assert one.positions[:, 1].min() >= 0.4 - 5e-4
        assert one.positions[:, 1].max() <= 0.5 + 5e-4


def test_the_finest_level_of_detail_is_every_stroke() -> None:
    for piece in _sign((2.4, 0.9, 0.2), "NOODLES", light=True):
        levels = levels_of(piece.mesh)
        np.testing.assert_array_equal(levels[0].triangles, piece.mesh.triangles)
        assert all(len(a.triangles) > len(b.triangles) for a, b in pairwise(levels))


def test_the_same_sign_is_the_same_bytes() -> None:
    one, two = (_sign((0.9, 2.6, 0.2), "TAXI", light=True) for _ in range(2))
    assert [piece.stuff for piece in one] == [piece.stuff for piece in two]
    assert all(
        a.mesh.positions.tobytes() == b.mesh.positions.tobytes() for a, b in zip(one, two, strict=True)
    )


def test_signs_of_every_shape_are_made() -> None:
    for wide in (0.26, 0.4, 0.9, 2.0, 6.0):
        for high in (0.26, 0.4, 0.9, 2.0, 6.0):
            for said in ("", "A", "GRAND HOTEL"):
                for light in (False, True):
                    made = _sign((wide, high, 0.1), said, light=light)
                    assert all(np.isfinite(piece.mesh.positions).all() for piece in made)
