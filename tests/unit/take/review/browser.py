"""A headless Chromium driven over the DevTools protocol, by a pipe of its own: no driver and no port."""

import base64
import itertools
import json
import os
import queue
import shutil
import subprocess
import threading
from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PIL import Image

__all__ = ["Browser", "chromium"]

_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome")
_PATIENCE_S = 60
_SWITCHES = (
    "--headless=new",
    "--remote-debugging-pipe",
    "--no-first-run",
    "--no-default-browser-check",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-extensions",
    "--disable-background-networking",
    "--disable-component-update",
    "--mute-audio",
    "--hide-scrollbars",
    "--autoplay-policy=no-user-gesture-required",
    "--force-color-profile=srgb",
    "--window-size=1440,900",
)
# Keys that are no letters: code and Windows' number.
_NAMED_KEYS = {
    "ArrowLeft": 37,
    "ArrowUp": 38,
    "ArrowRight": 39,
    "ArrowDown": 40,
    "Enter": 13,
    "Escape": 27,
    "Home": 36,
    "End": 35,
    "Tab": 9,
}
_SHIFT, _CONTROL = 8, 2


def chromium() -> str | None:
    """The path of a Chromium on this machine, None where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


class Browser:
    """One tab. `requests` holds the address of everything that the page asked for, `errors` what went wrong
    in its scripts and what its policy refused."""

    def __init__(self, program: str, home: Path, width: int = 1440, height: int = 900) -> None:
        self.requests: list[str] = []
        self.errors: list[str] = []
        self._downloads = home / "downloads"
        self._downloads.mkdir(parents=True, exist_ok=True)
        self._numbers = itertools.count(1)
        self._answers: dict[int, queue.Queue[dict[str, Any]]] = {}
        self._session = ""
        to_browser, self._out = os.pipe()
        self._in, from_browser = os.pipe()
        # As root Chromium refuses its sandbox; the pages are our own.
        root = ["--no-sandbox"] if hasattr(os, "geteuid") and os.geteuid() == 0 else []

        def lay_pipes() -> None:
            # Where DevTools expects them.
            os.dup2(to_browser, 198)
            os.dup2(from_browser, 199)
            os.dup2(198, 3)
            os.dup2(199, 4)

        self._process = subprocess.Popen(
            [program, *_SWITCHES, *root, f"--user-data-dir={home / 'profile'}", "about:blank"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            close_fds=False,
            preexec_fn=lay_pipes,
        )
        os.close(to_browser)
        os.close(from_browser)
        threading.Thread(target=self._listen, name="chromium", daemon=True).start()
        (tab,) = [one for one in self._call("Target.getTargets")["targetInfos"] if one["type"] == "page"]
        attached = self._call("Target.attachToTarget", targetId=tab["targetId"], flatten=True)
        self._session = attached["sessionId"]
        for domain in ("Page", "Runtime", "Network", "Log", "DOM"):
            self.call(f"{domain}.enable")
        self._call("Browser.setDownloadBehavior", behavior="allow", downloadPath=str(self._downloads))
        self.resize(width, height)

    def close(self) -> None:
        """End it."""
        self._process.terminate()
        try:
            self._process.wait(20)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    def call(self, method: str, **given: Any) -> dict[str, Any]:
        """A command to the tab, and its answer."""
        return self._call(method, **given)

    def open(self, address: str) -> None:
        """Open a page, anew where it is open, and wait until its scripts have run."""
        self.requests.clear()
        self.errors.clear()
        self.call("Page.navigate", url="about:blank")
        self.wait("location.href === 'about:blank'")
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")

    def resize(self, width: int, height: int, scale: float = 1, is_phone: bool = False) -> None:
        """The size of the page in CSS pixels."""
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=scale,
            mobile=is_phone,
        )
        self.call("Emulation.setTouchEmulationEnabled", enabled=is_phone)

    def run(self, script: str) -> Any:
        """The value of an expression in the page; promises are waited for."""
        told = self.call("Runtime.evaluate", expression=script, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in told:
            raise AssertionError(f"{script}: {json.dumps(told['exceptionDetails'])[:600]}")
        return told["result"].get("value")

    def wait(self, condition: str, seconds: float = _PATIENCE_S) -> Any:
        """Wait until an expression holds, and return it."""
        script = f"""new Promise((resolve, reject) => {{
            const look = (left) => {{
                const found = (() => {{ try {{ return {condition}; }} catch {{ return false; }} }})();
                if (found) resolve(found);
                else if (left <= 0) reject(new Error("waited in vain"));
                else setTimeout(() => look(left - 1), 20);
            }};
            look({int(seconds * 50)});
        }})"""
        return self.run(script)

    def press(self, key: str, shift: bool = False, control: bool = False) -> None:
        """Press and release a key."""
        number = _NAMED_KEYS.get(key, ord(key.upper()) if len(key) == 1 else 0)
        modifiers = (_SHIFT if shift else 0) | (_CONTROL if control else 0)
        text = key if len(key) == 1 and not control else "\r" if key == "Enter" else ""
        given = {"key": key, "windowsVirtualKeyCode": number, "modifiers": modifiers}
        self.call("Input.dispatchKeyEvent", type="keyDown" if text else "rawKeyDown", text=text, **given)
        self.call("Input.dispatchKeyEvent", type="keyUp", **given)

    def type(self, text: str) -> None:
        """Write into what has the focus."""
        self.call("Input.insertText", text=text)

    def mouse(self, kind: str, x: float, y: float, is_down: bool = False) -> None:
        """`kind` is "mousePressed", "mouseMoved" or "mouseReleased"."""
        held = is_down or kind != "mouseMoved"
        self.call(
            "Input.dispatchMouseEvent",
            type=kind,
            x=x,
            y=y,
            button="left" if held else "none",
            buttons=1 if is_down else 0,
            clickCount=1,
        )

    def place(self, selector: str) -> tuple[float, float, float, float]:
        """Left, top, width and height of an element, CSS pixels."""
        told = self.run(
            f"(() => {{ const at = document.querySelector({json.dumps(selector)}).getBoundingClientRect();"
            " return [at.left, at.top, at.width, at.height]; })()"
        )
        left, top, width, height = told
        return left, top, width, height

    def screenshot(self, path: Path | None = None) -> NDArray[np.uint8]:
        """uint8[h, w, 3] of what is seen."""
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        if path is not None:
            path.write_bytes(data)
        return np.asarray(Image.open(BytesIO(data)).convert("RGB"))

    def downloaded(self, do: Callable[[], None]) -> Path:
        """The file that is downloaded while `do` runs."""
        before = set(self._downloads.iterdir())
        do()
        for _ in range(_PATIENCE_S * 20):
            new = [path for path in set(self._downloads.iterdir()) - before if path.suffix != ".crdownload"]
            if new:
                return new[0]
            self.run("new Promise((resolve) => setTimeout(resolve, 50))")
        raise AssertionError("nothing was downloaded")

    def choose_file(self, selector: str, path: Path) -> None:
        """Give a file to an input."""
        document = self.call("DOM.getDocument")["root"]["nodeId"]
        found = self.call("DOM.querySelector", nodeId=document, selector=selector)["nodeId"]
        self.call("DOM.setFileInputFiles", nodeId=found, files=[str(path)])

    def _call(self, method: str, **given: Any) -> dict[str, Any]:
        number = next(self._numbers)
        answers: queue.Queue[dict[str, Any]] = queue.Queue(1)
        self._answers[number] = answers
        message = {"id": number, "method": method, "params": given}
        if self._session:
            message["sessionId"] = self._session
        if method.startswith(("Browser.", "Target.")):
            message.pop("sessionId", None)
        os.write(self._out, json.dumps(message).encode() + b"\0")
        told = answers.get(timeout=2 * _PATIENCE_S)
        if "error" in told:
            raise AssertionError(f"{method}: {told['error']}")
        result: dict[str, Any] = told["result"]
        return result

    def _listen(self) -> None:
        buffer = b""
        while data := os.read(self._in, 1 << 20):
            *whole, buffer = (buffer + data).split(b"\0")
            for text in whole:
                self._hear(json.loads(text))

    def _hear(self, message: dict[str, Any]) -> None:
        if "id" in message:
            self._answers.pop(message["id"]).put(message)
            return
        told = message.get("params", {})
        if message["method"] == "Network.requestWillBeSent":
            self.requests.append(told["request"]["url"])
        elif message["method"] == "Runtime.exceptionThrown":
            details = told["exceptionDetails"]
            self.errors.append(str(details.get("exception", details).get("description", details)))
        elif message["method"] == "Log.entryAdded" and told["entry"]["level"] == "error":
            self.errors.append(str(told["entry"]["text"]))
