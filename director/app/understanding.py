"""What the embedded generator makes of a prompt's words, told by a thread while they are typed."""

from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

from director.generate.backends.embedded import WEIGHTS

if TYPE_CHECKING:
    from director.generate.embedded.text import TextUnderstanding

__all__ = ["Reading", "Understanding"]


@dataclass(frozen=True, slots=True)
class Reading:
    """How sure the whole is, 0..1; each thing that was heard with the meaning it was read as, where that is
    another word; and the words that change nothing."""

    confidence: float
    read_as: tuple[tuple[str, str], ...]
    not_understood: tuple[str, ...]


class Understanding:
    """Reads prompts as the embedded generator does. Its words are loaded when they are first asked for."""

    def __init__(self) -> None:
        self._worker: ThreadPoolExecutor | None = None
        self._asked = ""
        self._coming: Future[Reading] | None = None
        self._reading: Reading | None = None

    def of(self, prompt: str) -> Reading | None:
        """What is made of a prompt; None until that is known."""
        if self._coming is not None and self._coming.done():
            self._reading, self._coming = self._coming.result(), None
        if prompt != self._asked and self._coming is None:
            if self._worker is None:
                self._worker = ThreadPoolExecutor(1, thread_name_prefix="understanding")
            self._asked, self._reading = prompt, None
            self._coming = self._worker.submit(_read, prompt)
        return self._reading if prompt == self._asked else None

    def close(self) -> None:
        """End the thread."""
        if self._worker is not None:
            self._worker.shutdown(wait=True, cancel_futures=True)
            self._worker = None


def _read(prompt: str) -> Reading:
    understood = _text().scene(prompt)
    read_as = [(said.text, said.meaning) for said in understood.heard if 0 < said.confidence < 1]
    return Reading(understood.confidence, tuple(read_as), understood.not_understood)


@cache
def _text() -> "TextUnderstanding":
    # Imported here: whoever looks at no prompt loads no words.
    from director.generate.embedded.text import TextUnderstanding

    return TextUnderstanding.load(WEIGHTS / "text")
