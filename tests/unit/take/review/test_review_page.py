"""The page in a headless Chromium: it plays, stops at any frame, compares, keeps notes and loads nothing."""

import json
import shutil
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import numpy as np
import pytest

from director.cli.main import main
from director.take.library import entry_of
from director.take.review import Review, ReviewOptions, make_review
from director.take.timecode import timecode
from tests.unit.take.review.browser import Browser, chromium
from tests.unit.take.review.coded import EVIL, read_code

STILL = "!review.viewer.stage.playing && !review.viewer.stage.films.some((film) => film.seeking)"
PAINTED = "new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve(true))))"


@pytest.fixture(scope="module")
def browser(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Browser]:
    program = chromium()
    if program is None:
        pytest.skip("no Chromium is on this machine: apt-get install chromium")
    opened = Browser(program, tmp_path_factory.mktemp("browser"))
    yield opened
    opened.close()


@pytest.fixture
def page(browser: Browser, review: Review) -> Browser:
    """The review, as if it were opened for the first time."""
    return fresh(browser, review.folder)


def fresh(browser: Browser, folder: Path) -> Browser:
    browser.resize(1440, 900)
    address = (folder / "index.html").as_uri()
    browser.open(address)
    browser.run("localStorage.clear()")
    browser.open(address)
    assert browser.errors == []
    return browser


def open_take(page: Browser, shot: str, number: int) -> None:
    """Open a take, and wait for its first frame."""
    page.run(
        f"location.hash = '#' + DIRECTOR_REVIEW.takes.find((take) => take.shot === {json.dumps(shot)}"
        f" && take.take === {number}).id"
    )
    page.wait(f"review.isViewing && review.viewer.take.take === {number} && review.viewer.stage.films.length")
    settled(page)


def settled(page: Browser) -> None:
    """Wait until what is sought is painted."""
    page.wait(STILL)
    page.run(PAINTED)
    page.run(PAINTED)


def code(page: Browser, along: float = 0.5) -> int:
    """The number that the picture shows, read off the screen at a share of its width."""
    left, top, width, height = (round(value) for value in page.place(".frame"))
    return read_code(page.screenshot()[top : top + height, left : left + width], along)


def frame_of(page: Browser) -> int:
    found = page.run("review.viewer.stage.frame")
    assert isinstance(found, int)
    return found


def test_every_frame_is_on_show_when_it_is_stepped_to(page: Browser) -> None:
    open_take(page, "дубль 一", 1)
    rate = Fraction(30000, 1001)
    for frame in range(10):
        assert (frame_of(page), code(page)) == (frame, 200 + frame)
        assert page.run("document.querySelector('.timecode').textContent") == timecode(frame, rate)
        page.press("ArrowRight")
        settled(page)
    assert frame_of(page) == 9
    page.press("]")
    open_take(page, "walk in", 1)
    for key, shift, frame in (
        ("End", False, 47),
        ("ArrowLeft", False, 46),
        ("ArrowLeft", True, 22),
        ("ArrowLeft", False, 21),
        ("Home", False, 0),
        ("ArrowRight", True, 24),
    ):
        page.press(key, shift=shift)
        settled(page)
        assert (frame_of(page), code(page)) == (frame, frame)
    for frame in (31, 7, 46, 1, 40, 12, 13):
        page.run(f"review.viewer.stage.go({frame})")
        settled(page)
        assert code(page) == frame
    # One that was left and is opened again begins anew.
    page.press("g")
    page.wait("!review.isViewing")
    open_take(page, "walk in", 1)
    assert (frame_of(page), code(page)) == (0, 0)


def test_timecodes_are_those_of_the_take(page: Browser) -> None:
    for fps in ((24, 1), (24000, 1001), (30000, 1001), (60000, 1001), (120, 1)):
        frames = [0, 1, 23, 59, 1799, 1800, 17981, 17982, 53946, 107892, 2591999, 9_000_000]
        told = page.run(f"{frames}.map((frame) => timecode(frame, [{fps[0]}, {fps[1]}]))")
        assert told == [timecode(frame, Fraction(*fps)) for frame in frames]


def test_it_plays_stops_loops_and_goes_backwards(page: Browser) -> None:
    open_take(page, "walk in", 1)
    # What the browser says that it put on the screen, beside what the page says.
    page.run(
        "window.told = []; (function look() { review.viewer.stage.films[0].video.requestVideoFrameCallback("
        "(_, told) => { if (review.viewer.stage.playing) window.told.push("
        "[told.mediaTime, review.viewer.stage.frame]); look(); }); })()"
    )
    page.press(" ")
    page.wait("review.viewer.stage.frame > 5")
    told = page.run("window.told")
    assert len(told) > 2
    assert [round(time_s * 24) for time_s, _ in told] == [frame for _, frame in told]
    seen = [code(page) for _ in range(3)]
    assert seen == sorted(seen)
    assert max(seen) > 3
    page.press("k")
    settled(page)
    assert code(page) == frame_of(page) > 5
    # It ends on its last frame, and begins again from there.
    page.run("review.viewer.stage.go(44)")
    page.press("l")
    page.wait("review.viewer.stage.playing === 0 && review.viewer.stage.frame === 47")
    settled(page)
    assert code(page) == 47
    page.press(" ")
    page.wait("review.viewer.stage.playing > 0 && review.viewer.stage.frame < 40")
    page.press(" ")
    settled(page)
    # Looped, it goes from the end to the beginning.
    page.press("r")
    page.run("review.viewer.stage.go(44)")
    page.press(" ")
    page.wait("review.viewer.stage.frame < 20 && review.viewer.stage.playing > 0")
    page.press("k")
    page.run("review.viewer.stage.go(40)")
    settled(page)
    page.press("j")
    page.wait("review.viewer.stage.frame < 36")
    page.press("k")
    settled(page)
    assert code(page) == frame_of(page) < 40
    assert page.errors == []


def test_two_takes_under_a_wipe_and_side_by_side_keep_step(page: Browser) -> None:
    open_take(page, "walk in", 1)
    page.press("w")
    page.wait("review.viewer.stage.films.length === 2")
    # The other take of the shot is what one means.
    assert page.run("review.viewer.stage.other.take") == 2
    for _ in range(7):
        page.press("ArrowRight")
    settled(page)
    assert (code(page, 0.3), code(page, 0.7)) == (7, 107)
    left, top, width, height = page.place(".frame")
    page.mouse("mousePressed", left + width / 2, top + height / 2, is_down=True)
    page.mouse("mouseMoved", left + width * 0.4, top + height / 2, is_down=True)
    page.mouse("mouseMoved", left + width * 0.2, top + height / 2, is_down=True)
    page.mouse("mouseReleased", left + width * 0.2, top + height / 2)
    settled(page)
    assert (code(page, 0.1), code(page, 0.3)) == (7, 107)
    page.press(".")
    page.press(".")
    page.press(".")
    settled(page)
    assert (code(page, 0.3), code(page, 0.4)) == (7, 107)
    page.press(" ")
    page.wait("review.viewer.stage.frame > 15")
    page.press("k")
    settled(page)
    frame = frame_of(page)
    assert 15 < frame <= 47
    assert (code(page, 0.1), code(page, 0.7)) == (frame, 100 + min(frame, 35))
    page.press("s")
    page.wait("review.viewer.stage.element.dataset.mode === 'side'")
    # The other ends first, and stays on its last frame.
    page.press("End")
    settled(page)
    assert (code(page, 0.25), code(page, 0.75)) == (47, 135)
    page.press("x")
    page.wait("review.viewer.take.take === 2 && review.viewer.stage.films[0].take.take === 2")
    settled(page)
    assert (code(page, 0.25), code(page, 0.75)) == (100, 0)
    page.press("v")
    page.wait("review.viewer.stage.element.dataset.mode === 'single'")
    settled(page)
    assert code(page, 0.75) == 100


def test_films_of_two_rates_keep_time(page: Browser) -> None:
    open_take(page, "walk in", 1)
    third = "DIRECTOR_REVIEW.takes.find((take) => take.shot !== 'walk in').id"
    page.run(f"review.viewer.compareWith({third})")
    page.wait("review.viewer.stage.films.length === 2")
    for frame in range(8):
        page.run(f"review.viewer.stage.go({frame})")
        settled(page)
        # What is seen in the middle of the frame.
        other = int((frame + 0.5) / 24 * 30000 / 1001)
        assert (code(page, 0.3), code(page, 0.7)) == (frame, 200 + other)


def test_proxies_take_the_place_of_the_picture_at_the_same_frame(page: Browser) -> None:
    open_take(page, "walk in", 1)
    page.run("review.viewer.stage.go(9)")
    settled(page)
    picture = page.screenshot()
    page.press("p")
    page.wait("review.viewer.stage.films[0].layer === 'proxies'")
    settled(page)
    left, top, width, height = (round(value) for value in page.place(".frame"))
    proxies = page.screenshot()[top : top + height, left : left + width]
    assert page.run("review.viewer.stage.films[0].shown") == 9
    assert len(np.unique(proxies.reshape(-1, 3), axis=0)) > 200
    page.press("p")
    page.wait("review.viewer.stage.films[0].layer === 'picture'")
    settled(page)
    assert np.abs(page.screenshot().astype(int) - picture).mean() < 0.5
    # With nothing else to compare with, a wipe goes from the proxies to the picture.
    page.run("review.viewer.compareWith('')")
    page.wait("review.viewer.stage.films.length === 2")
    settled(page)
    assert page.run("[...document.querySelectorAll('.screen-name')].map((one) => one.textContent)") == [
        "proxies",
        "picture",
    ]
    assert code(page, 0.7) == 9


def test_notes_are_kept_saved_and_brought_back(
    browser: Browser, own_root: Path, own_review: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = fresh(browser, own_review)
    open_take(page, "walk in", 1)
    page.press("4")
    page.press("c")
    page.run("review.viewer.stage.go(30)")
    settled(page)
    page.press("n")
    page.type("her hand is late, 早すぎる")
    page.press("Enter")
    page.run("document.querySelector('.verdict textarea').focus()")
    page.type("good light\nagain")
    page.press("Escape")
    page.press("ArrowLeft")
    settled(page)
    assert frame_of(page) == 29
    # Opened anew it is all there.
    page.open((own_review / "index.html").as_uri())
    assert page.run("document.querySelector('.save-count').textContent") == "1"
    open_take(page, "walk in", 1)
    assert page.run("document.querySelectorAll('.verdict .star.is-lit').length") == 4
    assert page.run("document.querySelector('.circle').getAttribute('aria-pressed')") == "true"
    assert page.run("document.querySelector('.note-text').value") == "her hand is late, 早すぎる"
    file = page.downloaded(lambda: page.press("s", control=True))
    told = json.loads(file.read_text(encoding="utf-8"))
    assert [note["timecode"] for note in told["takes"][0]["notes"]] == ["00:00:01:06"]
    assert page.run("document.querySelector('.save-words').textContent") == "Saved"
    assert main(["review", str(own_root), "--import", str(file), "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["written"] == ["the-room/walk-in_T001"]
    entry = entry_of(own_root / "the-room" / "walk-in_T001")
    assert (entry.rating, entry.circled) == (4, True)
    assert entry.note == "good light again | 00:00:01:06 her hand is late, 早すぎる"
    # A review made anew says the same, and nothing in it waits to be saved.
    make_review([own_root], own_review, ReviewOptions(proxies=False), lambda share, words: None)
    page.open((own_review / "index.html").as_uri())
    assert page.run("review.opinions.changed.length") == 0
    assert page.run("review.opinions.of(review.takes[0]).notes[0].frame") == 30
    # A file of notes can be looked at in the page, too.
    page.run("review.opinions.rate(review.takes[0], 1)")
    page.choose_file("input[type=file]", file)
    page.wait("review.opinions.of(review.takes[0]).rating === 4")
    broken = file.with_name("broken.json")
    broken.write_text("{")
    page.choose_file("input[type=file]", broken)
    page.wait(
        "[...document.querySelectorAll('.told')].some((one) => one.textContent.includes('broken.json'))"
    )
    assert page.errors == []


def test_nothing_leaves_the_page(page: Browser, review: Review) -> None:
    page.open((review.folder / "index.html").as_uri())
    open_take(page, "walk in", 2)
    page.press("w")
    page.press("s")
    page.press("p")
    settled(page)
    asked = {address for address in page.requests if not address.startswith(("data:", "about:"))}
    home = review.folder.as_uri() + "/"
    assert len(asked) > 15
    assert not {address for address in asked if not address.startswith(home)}
    timed = page.run("performance.getEntriesByType('resource').map((entry) => entry.name)")
    assert not [name for name in timed if not name.startswith((home, "data:"))]
    assert page.errors == []
    # And what might ask is refused by the page's own policy.
    for script in (
        "new Image().src = 'http://127.0.0.1:9/a.png'",
        "fetch('http://127.0.0.1:9/a').catch(() => {})",
        "new WebSocket('ws://127.0.0.1:9/')",
        "document.head.append(make('script', { src: 'http://127.0.0.1:9/a.js' }))",
        "document.body.append(make('iframe', { src: 'http://127.0.0.1:9/' }))",
        "document.body.append(make('video', { src: 'http://127.0.0.1:9/a.mp4' }))",
        "document.body.setAttribute('onclick', 'window.hit = 1'); document.body.click()",
    ):
        refused = page.run(
            "new Promise((resolve) => { const late = setTimeout(() => resolve(''), 5000);"
            " addEventListener('securitypolicyviolation', (event) => {"
            " clearTimeout(late); resolve(event.effectiveDirective); }, { once: true });"
            f" try {{ {script}; }} catch {{ /* told by the event */ }} }})"
        )
        assert refused, script
    assert page.run("window.hit === undefined")


def test_text_is_shown_as_it_is(page: Browser) -> None:
    scripts = page.run("document.scripts.length")
    open_take(page, "walk in", 2)
    assert page.run("document.querySelector('.verdict textarea').value") == EVIL
    assert page.run("document.querySelector('.note-text').value") == EVIL
    open_take(page, "walk in", 1)
    page.run(f"review.opinions.addNote(review.viewer.take, 3, {json.dumps(EVIL)})")
    shown = page.run("document.querySelector('.moments').textContent")
    assert f"dusk {EVIL}" in shown
    title = page.run("document.querySelector('.mark.is-note').title")
    assert EVIL in title
    assert page.run("document.scripts.length") == scripts
    assert page.run("document.querySelectorAll('img[src=x]').length") == 0
    assert page.errors == []


def test_data_follow_the_frame(page: Browser) -> None:
    open_take(page, "walk in", 1)
    values = "[...document.querySelectorAll('.reading-value')].map((one) => one.textContent)"
    for frame in (0, 19, 47):
        page.run(f"review.viewer.stage.go({frame})")
        settled(page)
        focal, stop, focus, height, speed = page.run(values)
        assert focal.removesuffix(" mm") == f"{25 + frame / 10:.1f}".removesuffix(".0")
        assert (stop, focus, height, speed) == ("f/2.8", "4.00 m", "1.50 m", "2.40 m/s")
    now = "[...document.querySelectorAll('.moment')].findIndex((one) => one.matches('.is-now'))"
    for frame, moment in ((0, 0), (5, 0), (6, 1), (19, 1), (20, 2)):
        page.run(f"review.viewer.stage.go({frame})")
        settled(page)
        assert page.run(now) == moment


def test_it_is_used_by_keys_alone(page: Browser) -> None:
    focus = "document.activeElement.closest('[data-take]')?.dataset.take"
    ids = page.run("DIRECTOR_REVIEW.takes.map((take) => take.id)")
    page.press("ArrowRight")
    assert page.run(focus) == ids[0]
    page.press("ArrowRight")
    assert page.run(focus) == ids[1]
    page.press("5")
    assert page.run("review.opinions.of(review.takes[1]).rating") == 5
    assert page.run("getComputedStyle(document.activeElement).outlineStyle") == "solid"
    page.press("Enter")
    page.wait("review.isViewing")
    page.press("?")
    assert page.run("document.querySelector('dialog').open") is True
    # While the keys are on show they do nothing.
    page.press("1")
    page.press("Escape")
    page.wait("!document.querySelector('dialog').open")
    assert page.run("review.opinions.of(review.takes[1]).rating") == 5
    page.press("]")
    page.wait("review.viewer.take === review.takes[2]")
    page.press("[")
    page.wait("review.viewer.take === review.takes[1]")
    page.press("g")
    page.wait("!review.isViewing")
    assert page.run(focus) == ids[1]
    page.press("c")
    assert page.run("review.opinions.of(review.takes[1]).circled") is False
    unnamed = page.run(
        "[...document.querySelectorAll('button, a, input, select, textarea, [role=slider], [role=img]')]"
        ".filter((one) => !one.getAttribute('aria-label') && !one.textContent.trim() && !one.closest('label')"
        " && one.getAttribute('aria-hidden') !== 'true').map((one) => one.outerHTML)"
    )
    assert unnamed == []


@pytest.mark.parametrize(("width", "height"), [(1440, 900), (1024, 768), (390, 844)])
def test_it_fits_a_laptop_and_a_phone(width: int, height: int, page: Browser, tmp_path: Path) -> None:
    page.resize(width, height, is_phone=width < 500)
    page.run(PAINTED)
    fits = "document.documentElement.scrollWidth <= innerWidth && innerWidth"
    assert page.run(fits) == width
    sheet = page.screenshot(tmp_path / f"sheet-{width}.png")
    assert sheet.std() > 20
    open_take(page, "walk in", 1)
    for key, mode in (("v", "single"), ("w", "wipe"), ("s", "side")):
        page.press(key)
        page.wait(f"review.viewer.stage.element.dataset.mode === '{mode}'")
        settled(page)
        assert page.run(fits) == width
        page.screenshot(tmp_path / f"{mode}-{width}.png")
        left, top, wide, high = page.place(".frame")
        room = page.place(".picture")[2]
        assert wide > 0.9 * (room if width < 500 or mode != "single" else min(room, high * 16 / 9))
        assert left >= 0
        assert top + high <= height
        # What one plays with is in sight, and large enough for a thumb.
        x, y, across, down = page.place(".round.is-main")
        assert y + down <= height
        assert x + across <= width
        assert min(across, down) >= 44
    assert page.errors == []


def test_a_folder_that_is_not_whole_says_so(browser: Browser, own_review: Path) -> None:
    (
        next(
            path
            for path in (own_review / "films").iterdir()
            if "T002" in path.name and "prox" not in path.name
        )
    ).unlink()
    browser.resize(1440, 900)
    browser.open((own_review / "index.html").as_uri())
    browser.run("location.hash = '#' + DIRECTOR_REVIEW.takes.find((take) => take.take === 2).id")
    browser.wait("document.querySelector('.trouble').textContent.includes('cannot play films/')")
    (own_review / "takes.js").unlink()
    browser.open((own_review / "index.html").as_uri())
    assert "takes.js is missing" in browser.run("document.body.textContent")


def test_a_take_that_cannot_be_shown_is_told(browser: Browser, own_root: Path, tmp_path: Path) -> None:
    shutil.rmtree(own_root / "the-room" / "walk-in_T002")
    (own_root / "the-room" / "walk-in_T001" / "track.jsonl").unlink()
    out = tmp_path / "out"
    make_review([own_root], out, ReviewOptions(proxies=False), lambda share, words: None)
    page = fresh(browser, out)
    (told,) = page.run("[...document.querySelectorAll('.is-broken')].map((one) => one.textContent)")
    assert "the-room/walk-in_T001" in told
    assert "track.jsonl" in told
    # One take without proxies: there is nothing to compare it with.
    open_take(page, "дубль 一", 1)
    assert page.run("[...document.querySelectorAll('.segment')].map((one) => one.disabled)") == [
        False,
        True,
        True,
    ]
    page.press("w")
    page.press("p")
    page.press("b")
    settled(page)
    assert code(page) == 200
    assert page.errors == []
