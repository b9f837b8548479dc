"""What is asked of the generator: words, how freely they are followed, the variation, and what is held."""

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

from imgui_bundle import imgui

from director.app.desk.desk import Desk
from director.app.desk.panel import Place
from director.app.desk.paths import path_from
from director.app.desk.pictures import fitted_picture
from director.app.desk.ui import Ui
from director.app.understanding import Understanding
from director.generate.deadline import QUALITIES
from director.scene.document import Scene
from director.viewport.pen import AMBER

__all__ = ["PANEL", "DirectionPanel", "objects_under"]

_RATES: tuple[float | None, ...] = (None, 5.0, 8.0, 12.0, 15.0, 24.0)
_LARGEST_SEED = 2**32 - 1
_LONGEST_EASE_S = 6.0
_MOST_STEADIED = 0.95
_SHOWN_PROMPTS = 6
_REFERENCE_ROOM = (96, 54)
# Generators that follow reference pictures and whose reading of words can be told.
_READS = frozenset({"embedded"})


class DirectionPanel:
    """Everything of a direction, with its numbers."""

    title = "Direction"
    place: Place = "right"
    order = 20

    def __init__(self) -> None:
        self._understanding = Understanding()
        self._prompt: str | None = None
        self._reference = ""
        self._asked: Path | None = None
        self._found: tuple[object, object, list[str]] = (None, None, [])

    def acts(self, desk: Desk) -> Mapping[str, Callable[[], object]]:
        return {
            "direction": lambda: desk.bring_up(self.title),
            "previous-variation": lambda: self._vary(desk, -1),
            "lock-seed": lambda: self._keep_seed(desk),
        }

    def close(self) -> None:
        """End what reads along."""
        self._understanding.close()

    def draw(self, desk: Desk, ui: Ui) -> None:
        self._draw_prompt(desk, ui)
        self._draw_freedom(desk, ui)
        self._draw_variation(desk, ui)
        self._draw_held(desk, ui)
        self._draw_steadiness(desk, ui)
        if desk.session.settings.generator in _READS:
            self._draw_references(desk, ui)

    def _draw_prompt(self, desk: Desk, ui: Ui) -> None:
        session = desk.session
        ui.heading("Scene prompt")
        imgui.set_next_item_width(-1.0)
        text = session.prompt if self._prompt is None else self._prompt
        entered, text = imgui.input_text_with_hint("##prompt", "place, hour, weather, style …", text, _ENTERS)
        if entered:
            session.direct(text)
            self._prompt = None
        elif imgui.is_item_active():
            self._prompt = text
        else:
            self._prompt = None
        frame = session.picture.frame
        unknown = () if frame is None else frame.not_understood
        if session.settings.generator in _READS and (reading := self._understanding.of(session.prompt)):
            ui.faint(f"understood {reading.confidence:.0%}".replace("%", " %"))
            for said, meaning in reading.read_as:
                ui.faint(f"{said}: read as {meaning}")
        if unknown:
            imgui.push_style_color(imgui.Col_.text, (AMBER.red, AMBER.green, AMBER.blue, 1.0))
            imgui.text_wrapped(f"not understood: {', '.join(unknown)}")
            imgui.pop_style_color()
        for index, said in enumerate(session.directing.prompts[1 : 1 + _SHOWN_PROMPTS]):
            pressed, _ = imgui.selectable(f"{_short(said, 38) or '(none)'}##prompt {index}", False)
            if imgui.is_item_hovered(imgui.HoveredFlags_.delay_short):
                imgui.set_tooltip(said or "no prompt")
            if pressed:
                session.direct(said)
        imgui.spacing()

    def _draw_freedom(self, desk: Desk, ui: Ui) -> None:
        directing = desk.session.directing
        ui.heading("From proxy to free")
        ui.label("all")
        changed, share = _share_slider("all", directing.strength)
        if changed:
            directing.set_strength(share)
        names = self._under(desk)
        if names:
            more = f" +{len(names) - 1}" if len(names) > 1 else ""
            ui.label(_short(names[-1], 11) + more)
            changed, share = _share_slider("selected", directing.strength_of(names[-1]))
            if changed:
                directing.set_strength(share, names)
        ui.label("changes take")
        changed, seconds = imgui.slider_float("##ease", directing.ease_s, 0.0, _LONGEST_EASE_S, "%.1f s")
        if changed:
            directing.ease_s = round(seconds, 1)
        imgui.spacing()

    def _draw_variation(self, desk: Desk, ui: Ui) -> None:
        directing, s = desk.session.directing, ui.scale
        ui.label("seed", 44)
        imgui.set_next_item_width(-(24 + 24 + 52 + 18) * s)
        # As text: seeds go further than ImGui's whole numbers.
        changed, text = imgui.input_text("##seed", str(directing.seed), imgui.InputTextFlags_.chars_decimal)
        if changed and text.isascii() and text.isdigit() and int(text) <= _LARGEST_SEED:
            directing.set_seed(int(text))
        imgui.same_line(0, 4 * s)
        if ui.button("<", "The variation before: Ctrl+F6", width=24):
            self._vary(desk, -1)
        imgui.same_line(0, 4 * s)
        if ui.button(">", "Another variation: F6", width=24):
            self._vary(desk, 1)
        imgui.same_line(0, 4 * s)
        if ui.button("keep", "Stay with this variation: Ctrl+Shift+F6", lit=directing.keeps_seed, width=52):
            self._keep_seed(desk)
        imgui.spacing()

    def _draw_held(self, desk: Desk, ui: Ui) -> None:
        directing, s = desk.session.directing, ui.scale
        held = [thing for thing in desk.session.scene.objects if thing.id in directing.locks]
        ui.heading(f"Held: {len(held)}" if held else "Held: nothing")
        names = frozenset(self._under(desk))
        free = [t for t in desk.session.scene.objects if t.name in names and t.id not in directing.locks]
        if free and ui.button("Hold the selected", "As they look now"):
            for thing in free:
                directing.toggle_lock(thing.id)
        if held:
            if free:
                imgui.same_line()
            if ui.button("Let all go", "U"):
                directing.unlock()
        if not held and not free:
            ui.faint("O holds what the mouse is on")
        if not held:
            imgui.spacing()
            return
        row = imgui.get_frame_height_with_spacing()
        imgui.begin_child("##held", (0, min(len(held), 4) * row))
        clipper = imgui.ListClipper()
        clipper.begin(len(held), row)
        while clipper.step():
            for thing in held[clipper.display_start : clipper.display_end]:
                imgui.push_id(thing.id)
                imgui.align_text_to_frame_padding()
                imgui.text_unformatted(_short(thing.name, 22))
                imgui.same_line(imgui.get_window_width() - 62 * s)
                if ui.button("let go", width=60):
                    directing.toggle_lock(thing.id)
                imgui.pop_id()
        clipper.end()
        imgui.end_child()
        imgui.spacing()

    def _under(self, desk: Desk) -> list[str]:
        # The selected objects and those that hang from what is selected: found once a selection.
        scene, selection = desk.editing.scene, desk.editing.selection
        if self._found[0] is not scene or self._found[1] is not selection:
            self._found = (scene, selection, objects_under(scene, selection))
        return self._found[2]

    def _draw_steadiness(self, desk: Desk, ui: Ui) -> None:
        picture, s = desk.session.picture, ui.scale
        ui.heading("Picture")
        ui.label("steadied")
        by_hand = picture.stabiliser_by_hand is not None
        imgui.set_next_item_width(-(48 + 4) * s if by_hand else -1.0)
        changed, share = imgui.slider_float(
            "##steadied", picture.stabiliser * 100, 0.0, _MOST_STEADIED * 100, "%.0f %%"
        )
        if changed:
            picture.stabiliser_by_hand = round(share) / 100
        if by_hand:
            imgui.same_line(0, 4 * s)
            if ui.button("dial", "As the quality dial has it", width=48):
                picture.stabiliser_by_hand = None
        scheduler = picture.scheduler
        ui.label("quality")
        chosen = ui.chosen("quality", QUALITIES, QUALITIES.index(scheduler.quality))
        if chosen is not None:
            scheduler.turn(QUALITIES[chosen])
            picture.stabiliser_by_hand = None
        ui.label("pictures")
        words = ["as they come", *(f"{rate:g} a second" for rate in _RATES if rate)]
        at = _RATES.index(scheduler.rate) if scheduler.rate in _RATES else 0
        chosen = ui.chosen("rate", words, at)
        if chosen is not None:
            scheduler.ask(_RATES[chosen])
        imgui.spacing()

    def _draw_references(self, desk: Desk, ui: Ui) -> None:
        directing, s = desk.session.directing, ui.scale
        ui.heading("Mood of these pictures")
        imgui.set_next_item_width(-1.0)
        entered, self._reference = imgui.input_text_with_hint(
            "##reference", "path of a picture, Enter", self._reference, _ENTERS
        )
        if entered and self._reference.strip():
            self._asked = path_from(self._reference)
        self._take_reference(desk)
        for path in directing.references:
            imgui.push_id(path)
            at = imgui.get_cursor_screen_pos()
            texture = desk.pictures.of_file(Path(path), room=_REFERENCE_ROOM)
            fitted_picture(imgui.get_window_draw_list(), texture, (at.x, at.y), (64 * s, 36 * s))
            imgui.dummy((64 * s, 36 * s))
            imgui.same_line()
            imgui.text_unformatted(_short(Path(path).name, 14))
            imgui.same_line(imgui.get_window_width() - 62 * s)
            if ui.button("remove", path, width=60):
                directing.refer_to([other for other in directing.references if other != path])
            imgui.pop_id()

    def _take_reference(self, desk: Desk) -> None:
        # Only once it could be read: the generator must be given nothing that it cannot.
        if self._asked is None:
            return
        directing, path = desk.session.directing, self._asked
        if desk.pictures.of_file(path, room=_REFERENCE_ROOM) is not None:
            if str(path) not in directing.references:
                directing.refer_to([*directing.references, str(path)])
            self._asked, self._reference = None, ""
        elif trouble := desk.pictures.trouble((path, None, _REFERENCE_ROOM)):
            desk.session.notices.add(f"{path}: no picture that can be read: {trouble}", is_problem=True)
            self._asked = None

    def _vary(self, desk: Desk, by: int) -> None:
        directing = desk.session.directing
        if directing.keeps_seed:
            desk.session.notices.add("The variation is kept: Ctrl+Shift+F6 lets it change")
            return
        directing.set_seed(directing.seed + by)
        desk.session.notices.add(f"Another variation: seed {directing.seed}")

    def _keep_seed(self, desk: Desk) -> None:
        directing = desk.session.directing
        directing.keeps_seed = not directing.keeps_seed
        words = (
            f"Variation kept: seed {directing.seed}" if directing.keeps_seed else "The variation may change"
        )
        desk.session.notices.add(words)


def objects_under(scene: Scene, names: Iterable[str]) -> list[str]:
    """The objects among those named, and those that hang from them."""
    wanted = set(names)
    if not wanted:
        return []
    parents = {placed.name: placed.parent for _, placed in scene.placed()}
    found = []
    for proxy in scene.objects:
        above: str | None = proxy.name
        while above is not None and above not in wanted:
            above = parents[above]
        if above is not None:
            found.append(proxy.name)
    return found


def _share_slider(label: str, share: float) -> tuple[bool, float]:
    changed, value = imgui.slider_float(f"##{label}", share * 100, 0.0, 100.0, "%.0f %%")
    return bool(changed), round(float(value)) / 100


def _short(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


_ENTERS = imgui.InputTextFlags_.enter_returns_true

PANEL = DirectionPanel
