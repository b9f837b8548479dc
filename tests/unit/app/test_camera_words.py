"""What the camera's panels say, and how keys go through lists."""

from dataclasses import replace

from director.app.guiding import Guides, after
from director.app.mount import Mount
from director.app.panels.camera import sharp_words
from director.app.panels.framing import unknown_words
from director.camera.guides import FRAME_LINES
from director.camera.setups.phrase import read_shot
from director.types import Lens


def test_limits_of_sharpness_in_words() -> None:
    lens = Lens(focal_length_mm=50.0, f_number=2.8, focus_distance_m=3.0)
    # By hand: c = 28.56 / 1500 mm, H = 50² / (2.8 c) + 50 mm.
    assert sharp_words(lens) == "sharp 2.82 – 3.20 m, hyperfocal 46.9 m"
    assert "∞" in sharp_words(replace(lens, focus_distance_m=60.0))
    assert sharp_words(replace(lens, focus_distance_m=0.05)) == "cannot be focused so near"


def test_words_that_say_nothing_are_shown_with_what_is_near() -> None:
    names = ("anna", "anna's chair", "ben")
    assert unknown_words(read_shot("medium of anna, low angle", names)) == ""
    told = unknown_words(read_shot("medum close-up of bem", names))
    assert "not understood: medum (near: medium" in told
    assert "bem (near: ben" in told


def test_guides_go_round() -> None:
    guides = Guides()
    assert not guides.is_any
    seen = []
    for _ in range(len(FRAME_LINES) + 1):
        guides = guides.with_next_frame_line
        seen.append(guides.frame_line)
    assert seen == [*FRAME_LINES, None]
    assert Guides().with_next_safe.safe == "EBU R 95"
    assert after((1, 2, 3), 3) == 1
    assert after((1, 2, 3), 9) == 1


def test_a_mount_is_plain_only_with_nothing_laid_over_free_flight() -> None:
    assert Mount().is_plain
    assert Mount(subject="anna", aim="hands", inertia=2.0).is_plain
    for mount in (
        Mount(subject="anna"),
        Mount(rig="walk"),
        Mount(shake="run"),
        Mount(steady=0.2),
        Mount(locks=frozenset({"y"})),
        Mount(collides=True),
        Mount(aim="group"),
    ):
        assert not mount.is_plain
    both = Mount(rig="follow", subject="anna", aim="look at", group=("anna", "ben"), dolly_zoom=True)
    left = both.without(frozenset({"anna"}))
    assert (left.rig, left.subject, left.aim, left.group, left.dolly_zoom) == (
        "fly",
        None,
        "rig",
        ("ben",),
        False,
    )
    assert both.without(frozenset({"ben"})).subject == "anna"
