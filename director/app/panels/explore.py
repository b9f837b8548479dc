"""The exercise of learning a picture: change one variable, and see what of it changed and what held."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.pictures import fitted_picture
from director.app.desk.ui import Ui
from director.app.exploring import Change, Found
from director.errors import DirectorError, UsageError
from director.scene.document import Scene
from director.scene.edit import SetPrompt
from director.take.change import Variant, changed
from director.take.stage import Request
from director.viewport.pen import AMBER, FAINT, IVORY, Colour, Pen

__all__ = ["PANEL", "Explore"]

_Asked = TypeVar("_Asked")

_LIGHT, _BACKGROUND, _OBJECT, _MOVE, _SEED = range(5)
_VARIABLES = ("light and hour: scene prompt", "background", "one object", "camera move", "variation: seed")
_HINTS = ("late evening, rain …", "snowy mountains …", "red velvet sofa …", "", "")
_ROWS = 40


@dataclass(slots=True)
class _Typed:
    words: str | None = None
    object: str = ""
    move: int = 0
    seed: int = 1


class Explore:
    """One change at a time; the camera and the scene's clock stand meanwhile."""

    title = "Explore"
    place: Place = "left"
    order = 30

    def __init__(self) -> None:
        self._variable = _LIGHT
        self._typed = [_Typed() for _ in _VARIABLES]

    def fill(self, variable: int, words: str) -> None:
        """Choose the variable, by its place in the list, and what it is to be."""
        self._variable = variable
        self._typed[variable].words = words

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        return {
            "explore": lambda: desk.bring_up(self.title),
            "explore-try": lambda: self._attempt(desk),
            "explore-keep": lambda: self._end(desk, desk.exploring.keep, "Kept"),
            "explore-back": lambda: self._end(desk, desk.exploring.go_back, "As it was before"),
        }

    def draw(self, desk: Desk, ui: Ui) -> None:
        exploring = desk.exploring
        ui.heading("Change one variable")
        imgui.set_next_item_width(-1.0)
        chosen = ui.chosen("variable", _VARIABLES, self._variable)
        if chosen is not None:
            self._variable = chosen
        entered = self._draw_value(desk, ui)
        width = (imgui.get_content_region_avail().x / ui.scale - 14) / 3
        if ui.button("Try", "Ctrl+Shift+E", width=width) or entered:
            self._attempt(desk)
        imgui.same_line()
        imgui.begin_disabled(not exploring.is_open)
        if ui.button("Keep", "Ctrl+Shift+K", width=width, lit=exploring.is_open):
            self._end(desk, exploring.keep, "Kept")
        imgui.same_line()
        if ui.button("Go back", "Ctrl+Shift+B", width=width):
            self._end(desk, exploring.go_back, "As it was before")
        imgui.end_disabled()
        told = {
            "before": "waiting for the picture as it is …",
            "after": "waiting for the changed picture …",
            "measuring": "measuring …",
        }.get(exploring.phase)
        if told is not None:
            ui.faint(told)
        if exploring.change is not None:
            imgui.text_wrapped(exploring.change.words)
        if exploring.found is not None:
            self._draw_found(desk, ui, exploring.found)
        elif told is None:
            ui.faint(
                "Type what one thing is to be and try it: the picture before and after, where they differ, "
                "and how much of each object's look held.",
                wrapped=True,
            )

    def _draw_value(self, desk: Desk, ui: Ui) -> bool:
        typed = self._typed[self._variable]
        if self._variable == _OBJECT:
            names = [proxy.name for proxy in desk.editing.scene.objects]
            selected = next((name for name in reversed(desk.editing.selection) if name in names), None)
            if typed.object not in names:
                typed.object = selected or (names[0] if names else "")
            ui.label("object", 64)
            chosen = ui.chosen("object", names, names.index(typed.object)) if names else None
            if chosen is not None:
                typed.object = names[chosen]
        imgui.set_next_item_width(-1.0)
        if self._variable == _MOVE:
            names = [move.name for move in desk.editing.scene.moves]
            if not names:
                ui.faint("the scene has no camera move")
                return False
            chosen = ui.chosen("move", names, min(typed.move, len(names) - 1))
            typed.move = typed.move if chosen is None else chosen
            return False
        if self._variable == _SEED:
            _, typed.seed = imgui.input_int("##seed", typed.seed, 1, 1)
            typed.seed = max(0, typed.seed)
            return False
        if typed.words is None:
            # The hour is changed within the words that there are.
            typed.words = desk.session.prompt if self._variable == _LIGHT else ""
        entered, typed.words = imgui.input_text_with_hint(
            "##words", _HINTS[self._variable], typed.words, imgui.InputTextFlags_.enter_returns_true
        )
        return bool(entered)

    def _draw_found(self, desk: Desk, ui: Ui, found: Found) -> None:
        s, count = ui.scale, desk.exploring.count
        wide = (imgui.get_content_region_avail().x - 6 * s) / 2
        high = wide * found.before.shape[0] / found.before.shape[1]
        list_ = imgui.get_window_draw_list()
        at = imgui.get_cursor_screen_pos()
        before = desk.pictures.of(("before", count), lambda: found.before)
        after = desk.pictures.of(("after", count), lambda: found.after)
        fitted_picture(list_, before, (at.x, at.y), (wide, high))
        fitted_picture(list_, after, (at.x + wide + 6 * s, at.y), (wide, high))
        imgui.dummy((0, high))
        full = 2 * wide + 6 * s
        at = imgui.get_cursor_screen_pos()
        heat = desk.pictures.of(("heat", count), lambda: found.heat)
        fitted_picture(list_, heat, (at.x, at.y), (full, full * high / wide))
        imgui.dummy((0, full * high / wide))
        ui.faint("before, after; below, where they differ", wrapped=True)
        if found.hold is not None:
            ui.heading(f"{found.hold * 100:.0f} % of the look held")
        if found.share_on_object is not None:
            ui.faint(
                f"{found.share_on_object * 100:.0f} % of the change lies on what was changed", wrapped=True
            )
        if found.not_understood:
            ui.faint(f"not understood: {', '.join(found.not_understood)}", wrapped=True)
        self._draw_bars(ui, found, desk.exploring.change)

    def _draw_bars(self, ui: Ui, found: Found, change: Change | None) -> None:
        s = ui.scale
        touched = () if change is None else change.touched
        rows = sorted(found.objects.items(), key=lambda item: -item[1].pixels)[:_ROWS]
        clipper = imgui.ListClipper()
        clipper.begin(len(rows), 22 * s)
        pen = Pen(imgui.get_window_draw_list(), ui.fonts, s)
        while clipper.step():
            for name, hold in rows[clipper.display_start : clipper.display_end]:
                at = imgui.get_cursor_screen_pos()
                wide = imgui.get_content_region_avail().x / s
                x, y = at.x / s, at.y / s
                is_touched = name in touched
                bar = wide * 0.34
                pen.text(
                    x,
                    y + 2,
                    pen.shortened(name, wide - bar - 52, size=13.5),
                    AMBER if is_touched else IVORY,
                    size=13.5,
                )
                left = x + wide - bar - 42
                pen.box(left, y + 8, bar, 5, Colour(1, 1, 1, 0.10), round_by=2)
                pen.box(
                    left,
                    y + 8,
                    max(1.5, bar * hold.hold),
                    5,
                    AMBER if is_touched else IVORY.faded(0.7),
                    round_by=2,
                )
                pen.text_left_of(x + wide - 2, y + 2, f"{hold.hold * 100:.0f} %", FAINT, size=13)
                imgui.dummy((wide * s, 22 * s - imgui.get_style().item_spacing.y))
        clipper.end()

    def _attempt(self, desk: Desk) -> None:
        typed = self._typed[self._variable]
        desk.bring_up(self.title)
        if desk.exploring.is_open:
            # Changes are made to what was there before, one at a time.
            desk.exploring.go_back()
        try:
            change = self._change(desk, typed)
        except DirectorError as error:
            desk.session.notices.add(str(error), is_problem=True)
            return
        desk.playing.stop()
        desk.exploring.attempt(change)

    def _change(self, desk: Desk, typed: _Typed) -> Change:
        words = (typed.words or "").strip()
        if self._variable == _LIGHT:
            return _of_prompt(desk, words)
        if self._variable == _SEED:
            if desk.session.directing.keeps_seed:
                raise UsageError("is kept", subject="variation", mend="Ctrl+Shift+F6 lets it change")
            return _of_seed(desk, typed.seed)
        if self._variable == _MOVE:
            if not desk.editing.scene.moves:
                raise UsageError(
                    "has none", subject="camera move", mend="make a shot, or change another variable"
                )
            return _of_move(desk, typed.move)
        key = f"object:{typed.object}" if self._variable == _OBJECT else "background"
        scene = desk.editing.scene
        # Says which objects are meant, and what is wrong with the change.
        variant = changed(Variant(Request(scene), desk.session.transport.time_s), f"{key}={words}")
        return _of_objects(desk, tuple(variant.request.object_prompts), words)

    def _end(self, desk: Desk, do: Callable[[], bool], told: str) -> None:
        if not desk.exploring.is_open:
            desk.session.notices.add("Nothing is being tried: Ctrl+Shift+E tries a change")
            return
        # Where it cannot be done that has been said.
        if do():
            desk.session.notices.add(told)


def _of_prompt(desk: Desk, words: str) -> Change:
    session = desk.session
    return _directed(f"scene prompt: {words or '(none)'}", session.direct, words, session.prompt)


def _of_seed(desk: Desk, seed: int) -> Change:
    directing = desk.session.directing
    return _directed(f"variation: seed {seed}", directing.set_seed, seed, directing.seed)


def _directed(told: str, direct: Callable[[_Asked], object], asked: _Asked, before: _Asked) -> Change:
    """A change of the direction, which can always be made, and taken back."""

    def ask(value: _Asked) -> bool:
        direct(value)
        return True

    return Change(told, make=lambda: ask(asked), take_back=lambda: ask(before), keep=lambda: True)


def _of_move(desk: Desk, index: int) -> Change:
    flight = desk.session.flight
    moves = desk.editing.scene.moves
    index = min(index, len(moves) - 1)
    chosen = "" if flight.chosen is None else flight.chosen.name
    before = next((i for i, move in enumerate(moves) if move.name == chosen), 0)

    shot = desk.session.shooting.shot

    def ride(from_: int, to: int) -> bool:
        desk.session.shooting.leave()
        flight.ride(to - from_)
        if to == before and shot is not None:
            desk.session.shooting.go(shot.name, desk.session.transport.time_s)
        return True

    return Change(
        f"camera move: {moves[index].name}",
        make=lambda: ride(before, index),
        take_back=lambda: ride(index, before),
        keep=lambda: True,
    )


def _of_objects(desk: Desk, names: Sequence[str], prompt: str) -> Change:
    session = desk.session
    tried: list[Scene] = []

    def make() -> bool:
        # What was edited while the picture came to rest is part of what is tried.
        before = desk.editing.scene
        try:
            tried[:] = [SetPrompt(tuple(names), prompt).apply(before), before]
            session.replace_scene(tried[0])
            desk.editing.untried = before
        except DirectorError as error:
            session.notices.add(str(error), is_problem=True)
            return False
        return True

    def take_back() -> bool:
        desk.editing.untried = None
        if not tried:
            return True
        if session.document is not tried[0]:
            session.notices.add("The scene was edited meanwhile: undo takes the edit back")
            return False
        session.replace_scene(tried[1])
        return True

    def keep() -> bool:
        # What was only shown becomes an edit, which can be undone.
        return take_back() and desk.editing.do(SetPrompt(tuple(names), prompt))

    what = names[0] if len(names) == 1 else f"{len(names)} objects"
    return Change(f"{what}: {prompt or '(no words)'}", make, take_back, keep, tuple(names))


PANEL = Explore
