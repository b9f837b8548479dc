"""The table of classes: its order is that of the benchmark, which ControlNets' colours follow."""

import numpy as np
import pytest

from director.scene.ade20k import CLASSES, PALETTE, class_index, nearest_classes


def test_hundred_and_fifty_classes_in_order() -> None:
    assert len(CLASSES) == len(set(CLASSES)) == 150
    assert PALETTE.shape == (150, 3)
    assert PALETTE.dtype == np.uint8
    # Landmarks of the benchmark's objectInfo150 (which counts from 1).
    for number, name in (
        (1, "wall"),
        (7, "road"),
        (13, "person"),
        (21, "car"),
        (49, "skyscraper"),
        (150, "flag"),
    ):
        assert class_index(name) == number - 1


def test_only_road_and_skyscraper_share_a_colour() -> None:
    by_colour: dict[tuple[int, ...], list[str]] = {}
    for name, colour in zip(CLASSES, PALETTE.tolist(), strict=True):
        by_colour.setdefault(tuple(colour), []).append(name)
    assert [names for names in by_colour.values() if len(names) > 1] == [["road", "skyscraper"]]
    assert by_colour[(140, 140, 140)] == ["road", "skyscraper"]


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("couch", "sofa"),
        ("Person", "person"),
        ("sky scraper", "skyscraper"),
        ("traffic lights", "traffic light"),
    ],
)
def test_names_what_may_have_been_meant(written: str, meant: str) -> None:
    assert meant in nearest_classes(written)
    with pytest.raises(ValueError, match=meant):
        class_index(written)


@pytest.mark.parametrize("nonsense", ["", "qqqqqq", "\U0001f600", "x" * 1000])
def test_always_offers_some_classes(nonsense: str) -> None:
    assert set(nearest_classes(nonsense)) <= set(CLASSES)
    assert nearest_classes(nonsense)
