"""One variable changed: the picture before and after, where they differ, and what of each object held."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from director.generate.protocol import Progress
from director.meters.hold import Hold, hold_per_object, matched, share_of_change
from director.meters.oklab import oklab
from director.meters.surfaces import Seen
from director.passes.conditioner import Conditioner
from director.take.change import Variant, changed
from director.take.explore_sheet import Shown, difference_picture, overview, sheet
from director.take.folder import make_root, plain_name, whole_file, write_json
from director.take.heat import heat_map
from director.take.stage import Request, Stage
from director.take.still import ticks_until
from director.take.thumbnail import save_picture

if TYPE_CHECKING:
    from PIL.Image import Image

__all__ = ["SKY", "Explored", "Step", "explore", "figures"]

SKY = "(sky)"
"""What the sky is called among objects; none of a scene can have that name."""

_PASSES = frozenset({"depth", "object", "shadow"})
# Of 255: a shadow that came or went, and not its edge alone.
_SHADOW = 32
_LEAST_PIXELS = 16
_OUT_OF_SIGHT = "nothing changed: what was to change is not in the picture"


@dataclass(frozen=True, slots=True)
class Step:
    """What one change did.

    `touched` names the objects that it was about, none where it was about the whole picture. `objects`
    goes by name; `not_compared` names what a picture shows and the other does not, such as what was taken
    away, and the sky where the camera moved. `hold` is that of all objects, weighted by their pixels.
    `share_on_object` is the share of the change, in place, that lies on what was touched and the pixel
    about it, which shows both; where the sun's shadow came or went is set aside. `remark` says in a line
    what there is to say.
    """

    change: str
    files: Mapping[str, Path]
    touched: tuple[str, ...]
    objects: Mapping[str, Hold]
    not_compared: tuple[str, ...]
    hold: float | None
    share_on_object: float | None
    not_understood: tuple[str, ...]
    remark: str


@dataclass(frozen=True, slots=True)
class Explored:
    """An exploration on disk: its folder, each change in the order given, and all files by name."""

    folder: Path
    steps: tuple[Step, ...]
    files: Mapping[str, Path]


@dataclass(frozen=True, slots=True, eq=False)
class _Drawn:
    """One picture, what its passes showed, and the sun's shadow, uint8[h, w]."""

    picture: NDArray[np.uint8]
    seen: Seen
    shadow: NDArray[np.uint8]
    not_understood: tuple[str, ...]


def explore(
    request: Request, changes: Sequence[str], out: Path, time_s: float, keep: bool, progress: Progress
) -> Explored:
    """Draw `request` at `time_s` of its move, and again for each change (`take.change` tells which there
    are), and write pictures, sheets and explore.json into the folder `out`.

    Each change is made to the original, with `keep` to what the changes before it made; each is compared
    with the original. Several go into a folder each, under an overview. Nothing is written before all is
    drawn, and each file whole. Raises UsageError for a change that cannot be made, before a generator is
    loaded, and what Stage raises, and RecordingError.
    """
    original = Variant(request, time_s)
    variants: list[Variant] = []
    for text in changes:
        variants.append(changed(variants[-1] if keep and variants else original, text))
    make_root(out)
    drawn: list[_Drawn] = []
    with Stage(request, progress) as stage:
        names = {0: SKY, **{thing.id: thing.name for thing in stage.compiled.objects}}
        subject = f"{request.scene.title or request.scene.name}  ·  {stage.move.name}  ·  {time_s:g} s"
        passes = Conditioner(stage.context, stage.compiled, request.width, request.height, _PASSES)
        for i, variant in enumerate([original, *variants]):
            progress(i / (len(variants) + 1), f"drawing picture {i + 1} of {len(variants) + 1}")
            drawn.append(_draw(stage, passes, variant))
    before = drawn[0]
    found = [
        _compared(text, variant, before, after, names)
        for text, variant, after in zip(changes, variants, drawn[1:], strict=True)
    ]
    return _written(out, before.picture, found, f"{subject}  ·  {request.generator}")


def _draw(stage: Stage, passes: Conditioner, variant: Variant) -> _Drawn:
    stage.restage(variant.request)
    ticks = ticks_until(variant.time_s, variant.request.fps)
    for tick in ticks[:-1]:
        stage.precede(tick)
    frame = stage.frame(ticks[-1])
    passes.reset_scene(stage.compiled)
    passes.draw(ticks[-1], stage.camera(ticks[-1]), stage.direction(ticks[-1].time_s))
    conditioning = passes.take()
    assert conditioning is not None
    assert passes.state is not None
    maps = conditioning.maps
    seen = Seen(
        np.array(maps["depth"]),
        np.array(maps["object"]),
        conditioning.view,
        np.array(passes.state.world_from_object),
    )
    # Copied: what is drawn next may lie in the same memory.
    return _Drawn(frame.picture.copy(), seen, np.array(maps["shadow"]), tuple(frame.generated.not_understood))


@dataclass(frozen=True, slots=True, eq=False)
class _Found:
    """A change, its pictures and its figures, before they are written."""

    shown: Shown
    step: Step


def _compared(text: str, variant: Variant, before: _Drawn, after: _Drawn, names: Mapping[int, str]) -> _Found:
    back, onward = matched(after.seen, before.seen), matched(before.seen, after.seen)
    ids_before, ids_after = before.seen.object, after.seen.object
    held = hold_per_object(before.picture, after.picture, ids_before, ids_after, back, onward)
    objects = {names[i]: hold for i, hold in held.items()}
    pixels = sum(hold.pixels for hold in held.values())
    whole = sum(hold.hold * hold.pixels for hold in held.values()) / pixels if pixels else None
    same_camera = np.array_equal(before.seen.view.clip_from_world, after.seen.view.clip_from_world)
    first, second = oklab(before.picture), oklab(after.picture)
    if same_camera:
        compared = np.ones(ids_after.shape, np.bool_)
    else:
        first, compared = back.warped(first), back.visible
    difference = heat_map(np.linalg.norm(second - first, axis=2), compared)
    touched = variant.touched or ()
    share = None
    if touched and same_camera:
        upon_ids = [i for i, name in names.items() if name in touched]
        upon = _with_outline(np.isin(ids_before, upon_ids) | np.isin(ids_after, upon_ids))
        aside = np.abs(before.shadow.astype(np.int16) - after.shadow) > _SHADOW
        share = share_of_change(before.picture, after.picture, upon, aside)
    sizes = np.maximum(*(np.bincount(ids.ravel(), minlength=len(names)) for ids in (ids_before, ids_after)))
    missed = tuple(names[int(i)] for i in np.flatnonzero(sizes >= _LEAST_PIXELS) if int(i) not in held)
    seen = {names[int(i)] for i in np.flatnonzero(sizes)}
    if np.array_equal(before.picture, after.picture):
        remark = "nothing changed" if seen & set(touched) or not touched else _OUT_OF_SIGHT
    else:
        remark = _remark(whole, share, touched, missed)
    step = Step(text, {}, touched, objects, missed, whole, share, after.not_understood, remark)
    return _Found(
        Shown(text, before.picture, after.picture, difference, objects, touched, whole, remark), step
    )


def _with_outline(mask: NDArray[np.bool_]) -> NDArray[np.bool_]:
    wide = mask.copy()
    for axis in (0, 1):
        grown = wide.copy()
        here, there = np.moveaxis(grown, axis, 0), np.moveaxis(wide, axis, 0)
        here[1:] |= there[:-1]
        here[:-1] |= there[1:]
        wide = grown
    return wide


def _remark(hold: float | None, share: float | None, touched: Sequence[str], missed: Sequence[str]) -> str:
    parts = []
    if hold is not None:
        parts.append(f"{hold:.0%} of the whole picture's look held")
    if share is not None:
        what = touched[0] if len(touched) == 1 else f"the {len(touched)} objects changed"
        parts.append(f"{share:.0%} of the change lies on {what}")
    if missed:
        more = len(missed) - 4
        parts.append(f"not compared: {', '.join(missed[:4])}" + (f" and {more} more" if more > 0 else ""))
    return "  ·  ".join(parts) or "nothing could be compared"


def _written(out: Path, original: NDArray[np.uint8], found: Sequence[_Found], subject: str) -> Explored:
    files = {"before": out / "before.png"}
    save_picture(original, files["before"])
    steps: list[Step] = []
    for i, each in enumerate(found):
        folder = out
        if len(found) > 1:
            folder = (
                out / f"{i + 1:0{len(str(len(found)))}}-{plain_name(each.step.change)[:40].rstrip('-_.')}"
            )
            make_root(folder)
        own = {name: folder / f"{name}.png" for name in ("after", "difference", "sheet")}
        save_picture(each.shown.after, own["after"])
        _save(difference_picture(each.shown.difference), own["difference"])
        _save(sheet(each.shown, subject), own["sheet"])
        steps.append(replace(each.step, files={"before": files["before"], **own}))
    if len(found) > 1:
        files["overview"] = out / "overview.png"
        _save(overview(original, [each.shown for each in found], subject), files["overview"])
    files["figures"] = out / "explore.json"
    told = [figures(step, out) for step in steps]
    write_json(files["figures"], {"subject": subject, "steps": told})
    return Explored(out, tuple(steps), files)


def figures(step: Step, folder: Path | None = None) -> dict[str, object]:
    """A step as JSON holds it, shares and holds rounded to a tenth of a thousandth; files as they lie in
    `folder`, or as they are where that is None."""
    return {
        "change": step.change,
        "files": {
            name: str(path if folder is None else path.relative_to(folder).as_posix())
            for name, path in step.files.items()
        },
        "touched": list(step.touched),
        "hold": _rounded(step.hold),
        "share_on_object": _rounded(step.share_on_object),
        "objects": {
            name: {
                "hold": _rounded(hold.hold),
                "colour": _rounded(hold.colour),
                "detail": _rounded(hold.detail),
                "coverage": _rounded(hold.coverage),
                "change_255": _rounded(hold.change_255),
                "pixels": hold.pixels,
            }
            for name, hold in step.objects.items()
        },
        "not_compared": list(step.not_compared),
        "not_understood": list(step.not_understood),
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, 4)


def _save(image: "Image", path: Path) -> None:
    with whole_file(path) as temporary:
        image.save(temporary, format="PNG")
