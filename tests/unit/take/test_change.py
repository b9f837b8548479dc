"""What KEY=VALUE makes of a picture, and what is said where it makes nothing."""

import numpy as np
import pytest

from director.errors import UsageError
from director.scene.compile import CompiledScene
from director.scene.document import Scene
from director.scene.load import load_scene
from director.take.change import KEYS, Variant, changed
from director.take.heat import heat, heat_map
from director.take.stage import Request
from director.types import Vector


@pytest.fixture(scope="module")
def original() -> Variant:
    return Variant(Request(load_scene("living_room")), 1.0)


def camera(variant: Variant) -> tuple[Vector, float]:
    compiled = CompiledScene(variant.request.scene)
    name = variant.request.move
    move = compiled.scene.moves[0] if name is None else compiled.move(name)
    state = move.camera_at(variant.time_s, compiled.locate)
    return state.position, state.lens.focal_length_mm


def test_words_seed_time_and_move_are_the_request_s(original: Variant) -> None:
    assert changed(original, "prompt=fog = thick").request.prompt == "fog = thick"
    assert changed(original, "seed=7").request.seed == 7
    assert changed(original, "time=2.5").time_s == 2.5
    assert changed(original, "move=orbit").request.move == "orbit"
    for text in ("prompt=x", "seed=1", "time=2", "move=orbit", "camera=1,0,0", "lens=50", "sun=0,10"):
        assert changed(original, text).touched is None
    assert original == Variant(original.request, 1.0)


def test_a_group_s_name_stands_for_what_hangs_from_it(original: Variant) -> None:
    one = changed(original, "object:vase=red glass")
    assert one.request.object_prompts == {"vase": "red glass"}
    assert one.touched == ("vase",)
    sofa = changed(one, "object: sofa = red velvet")
    assert sofa.request.object_prompts["sofa back"] == "red velvet"
    assert sofa.request.object_prompts["vase"] == "red glass"
    assert set(sofa.touched or ()) >= {"vase", "sofa back", "pillow 1"}
    assert changed(changed(original, "seed=1"), "object:vase=red").touched is None


@pytest.mark.parametrize(
    ("scene", "behind", "not_behind"),
    [
        ("living_room", "back wall", "floor"),
        ("night_alley", "brick house left", "road"),
        ("desert_road", "mesa left", "diner front"),
    ],
)
def test_the_background_is_the_farthest_that_there_is(scene: str, behind: str, not_behind: str) -> None:
    prompts = changed(Variant(Request(load_scene(scene)), 0.0), "background=ice").request.object_prompts
    assert prompts[behind] == "ice"
    assert not_behind not in prompts


def test_the_camera_moves_along_its_own_axes(original: Variant) -> None:
    here, lens_mm = camera(original)
    for move in ("dolly-in", "orbit"):
        start, _ = camera(changed(original, f"move={move}"))
        there, same_mm = camera(changed(changed(original, f"move={move}"), "camera=0.6,0,0.8"))
        assert np.linalg.norm(np.subtract(there, start)) == pytest.approx(1)
        assert same_mm == lens_mm
    right, _ = camera(changed(original, "camera=0.5,0,0"))
    # It looks along −Z, nearly.
    assert right[0] - here[0] == pytest.approx(0.5, abs=0.1)
    both = changed(changed(original, "camera=0.5,0,0"), "lens=50")
    assert camera(both) == (right, 50)


def test_the_sun_moves(original: Variant) -> None:
    scene = changed(original, "sun=90,30").request.scene
    x, y, z = CompiledScene(scene).at(0).sun_direction
    assert (x, y, z) == pytest.approx((np.cos(np.radians(30)), 0.5, 0), abs=1e-9)


def test_what_is_hidden_leaves_the_others_their_ids(original: Variant) -> None:
    hidden = changed(original, "hide=sofa")
    before = CompiledScene(original.request.scene).at(1.0)
    after = CompiledScene(hidden.request.scene).at(1.0)
    assert [thing.name for thing in after.objects] == [thing.name for thing in before.objects]
    drawn = {int(i) for batch in after.batches.values() for i in batch.object_id}
    missing = {thing.name for thing in after.objects if thing.id not in drawn}
    assert missing == set(hidden.touched or ())
    assert "sofa back" in missing
    lamps = CompiledScene(changed(original, "hide=table lamp shade").request.scene).at(0).lamps
    assert len(lamps) == len(before.lamps) - 1


@pytest.mark.parametrize("name", ["armchair", "armchair back", "man with tea", "vase"])
def test_what_is_moved_goes_along_the_world_s_axes(name: str, original: Variant) -> None:
    offset = (0.3, 0.2, -0.1)
    moved = changed(original, f"move-object:{name}=0.3,0.2,-0.1")
    here, heading = CompiledScene(original.request.scene).locate(name, 1.0)
    there, same = CompiledScene(moved.request.scene).locate(name, 1.0)
    assert np.subtract(there, here) == pytest.approx(offset)
    assert same == pytest.approx(heading)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("prompt", "KEY=VALUE"),
        ("promt=fog", "did you mean prompt?"),
        ("weather=fog", "object:NAME=TEXT"),
        ("object=red", "write object:NAME=TEXT"),
        ("object:=red", "write object:NAME=TEXT"),
        ("prompt:vase=red", "write prompt=TEXT"),
        ("object:vaze=red", "did you mean vase"),
        ("object:qqqq=red", "there are sofa, coffee table"),
        ("hide=sofa bak", "did you mean sofa back"),
        ("move-object:vase=1,2", "X,Y,Z in metres"),
        ("move-object:vase=1,2,1e9", "farther than"),
        ("move-object:vase", "KEY=VALUE"),
        ("camera=1;2;3", "X,Y,Z in metres"),
        ("camera=nan,0,0", "X,Y,Z in metres"),
        ("sun=90", "AZIMUTH,ELEVATION in degrees"),
        ("sun=90,120", "-90 to 90"),
        ("lens=wide", "MM in millimetres"),
        ("lens=2", "outside 4 to 1200"),
        ("seed=-1", "whole number"),
        ("seed=²", "whole number"),
        ("time=-1", "outside 0 to 3600"),
        ("move=orbt", "did you mean orbit?"),
    ],
)
def test_what_cannot_be_changed_is_said_with_the_mend(text: str, words: str, original: Variant) -> None:
    with pytest.raises(UsageError) as caught:
        changed(original, text)
    said = str(caught.value)
    assert said.startswith("--change")
    assert words in said
    assert caught.value.mend
    assert "\n" not in said


def test_every_key_that_is_told_of_is_known(original: Variant) -> None:
    for form in KEYS.split(", "):
        with pytest.raises(UsageError) as caught:
            changed(original, form.partition("=")[0].partition(":")[0] + ":")
        assert "KEY=VALUE" in str(caught.value)
        key = form.partition("=")[0].replace("NAME", "no such thing")
        if key not in ("prompt", "background"):
            with pytest.raises(UsageError) as caught:
                changed(original, f"{key}=?")
            assert "no such variable" not in str(caught.value)


def test_a_scene_without_background_says_so(original: Variant) -> None:
    scene = original.request.scene
    bare = scene.model_copy(update={"objects": tuple(o for o in scene.objects if o.class_name != "wall")})
    with pytest.raises(UsageError, match="nothing in this scene is a background"):
        changed(Variant(Request(bare), 0.0), "background=ice")


def test_heat_grows_lighter_evenly_and_marks_what_was_not_compared() -> None:
    from director.meters.oklab import oklab

    lightness = oklab(heat(np.linspace(0, 1, 33)))[:, 0]
    steps = np.diff(lightness)
    assert steps.min() > 0.7 * steps.mean()
    assert steps.max() < 1.3 * steps.mean()
    picture = heat_map(np.array([[0.0, 9.0, 9.0]], np.float32), np.array([[True, True, False]]))
    assert tuple(picture[0, 0]) == tuple(heat(np.zeros(1))[0])
    assert tuple(picture[0, 1]) == tuple(heat(np.ones(1))[0])
    assert picture[0, 2].std() < 10


def test_what_hangs_on_a_route_is_moved_along_the_world_s_axes() -> None:
    scene = Scene.model_validate(
        {
            "schema_version": 1,
            "name": "yard",
            # It faces +X all the way, a quarter turn from how it is written.
            "groups": [{"name": "cart", "route": {"points": [[0, 0, 0], [8, 0, 0]], "duration_s": 8}}],
            "objects": [
                {"kind": "box", "name": "crate", "class": "box", "parent": "cart", "position": [0, 1, 0]},
            ],
            "moves": [{"kind": "hold", "name": "hold", "position": [0, 2, 9], "look_at": [0, 0, 0]}],
        }
    )
    moved = changed(Variant(Request(scene), 2.0), "move-object:crate=0.5,0,0")
    here, _ = CompiledScene(scene).locate("crate", 2.0)
    there, _ = CompiledScene(moved.request.scene).locate("crate", 2.0)
    assert np.subtract(there, here) == pytest.approx((0.5, 0, 0), abs=1e-6)
