"""Runs a generator in a process of its own; the caller never waits for it.

A thread of the parent, the pump, does all that takes time: it starts the process, copies maps into
shared memory, waits for answers, and starts the process anew when it dies or hangs. `submit` only puts
a conditioning where the pump will find it.
"""

import atexit
import signal
import sys
import threading
from dataclasses import dataclass, replace
from multiprocessing import Pipe
from multiprocessing.connection import wait

from director.clock import now_s
from director.generate import generator
from director.generate.mailbox import Mailbox
from director.generate.messages import Answer, Drawn, Fell, Loaded, Loading, Refused
from director.generate.pace import Pace
from director.generate.protocol import GeneratorIdentity, GeneratorSettings, RunnerState
from director.generate.watchdog import Patience, Watch
from director.generate.worker import Memory, Worker, WorkerDied
from director.types import Conditioning, GeneratedFrame

__all__ = ["ProcessRunner"]

_QUICK_S = 5.0
"""A death within this time of having loaded counts as quick: it will likely happen again."""
_QUICK_DEATHS = 4
_FIRST_PAUSE_S = 0.2
_CLOSE_S = 2.5
_SWITCH_S = 0.0005
"""How long a thread of this process keeps the interpreter while another wants it. By Python's 5 ms the pump,
which must have it back after every array, takes 11 ms to hand over what it could in 3 (measured)."""


@dataclass(frozen=True, slots=True)
class _End:
    """How one life of the process ended; `final` where another would end alike."""

    reason: str
    quick: bool
    final: bool


class ProcessRunner:
    """The live runner. At most one conditioning is under way and one waits, the newest; older ones are
    dropped and counted.

    Nothing here raises because of the generator: what goes wrong is told by `state`. A process that dies
    is started again, at once or with growing pauses; after four quick deaths in a row, or when loading is
    refused, the phase is "failed" and the message says why. One that gives no sign of life for longer than
    `patience` allows is killed, and counts as dead; as quickly so, if it never drew a picture.

    `max_size` (width, height) is what shared memory is set aside for; larger maps make it grow.
    Raises UsageError for an unknown name.
    """

    def __init__(
        self,
        name: str,
        settings: GeneratorSettings | None = None,
        max_size: tuple[int, int] = (512, 288),
        patience: Patience | None = None,
    ) -> None:
        generator(name)
        self._name = name
        self._settings = settings or GeneratorSettings()
        self._patience = patience or Patience()
        self._mailbox = Mailbox()
        self._pace = Pace()
        self._identity: GeneratorIdentity | None = None
        self._worker: Worker | None = None
        self._lock = threading.Lock()
        self._closing = False
        self._state = RunnerState("loading", 0.0, "starting", 0, 0, 0, 0.0, None)
        self._awake, self._bell = Pipe(duplex=False)
        self._rung = False
        self._memory = Memory(*max_size)
        self._pump = threading.Thread(target=self._run, name=f"pump of {name}", daemon=True)
        self._pump.start()
        atexit.register(self.close)

    def submit(self, conditioning: Conditioning) -> None:
        """Offer a conditioning; returns at once. Of no effect once closed or failed."""
        self._mailbox.offer(conditioning)
        if not self._ring():
            self._mailbox.drop_waiting()

    def newest(self) -> GeneratedFrame | None:
        """The newest finished picture of what was submitted since `flush`; its `conditioning` is the very
        object that was submitted."""
        return self._mailbox.newest

    def flush(self) -> None:
        """A cut or a new scene: nothing submitted before this call is returned after it, and the
        generator forgets its history before it draws again."""
        self._mailbox.flush()

    @property
    def state(self) -> RunnerState:
        """What the generator is doing just now."""
        generated, dropped = self._mailbox.counts
        return replace(
            self._state,
            generated=generated,
            dropped=dropped,
            generated_fps=self._pace.per_second,
            finished_s=self._mailbox.finished_s,
        )

    @property
    def identity(self) -> GeneratorIdentity | None:
        """None until the generator has loaded for the first time."""
        return self._identity

    def close(self) -> None:
        """End the process and free the shared memory, within about a second; idempotent."""
        self._closing = True
        self._ring()
        self._pump.join(_CLOSE_S)
        if self._pump.is_alive() and self._worker is not None:
            # The pump itself hangs, on a pipe that a stopped process does not read.
            self._worker.kill()
            self._pump.join(_CLOSE_S)
        self._mailbox.drop_waiting()
        self._show(phase="closed", message="", pid=None)
        atexit.unregister(self.close)

    def _ring(self) -> bool:
        # Wakes the pump; False where there is none any more. One byte at most lies in the pipe, so that
        # ringing never blocks.
        with self._lock:
            if self._bell.closed:
                return False
            if not self._rung:
                self._rung = True
                self._bell.send_bytes(b"!")
            return True

    # What follows runs in the pump.

    def _run(self) -> None:
        sys.setswitchinterval(min(sys.getswitchinterval(), _SWITCH_S))
        if hasattr(signal, "pthread_sigmask"):
            # Inherited by the process: Ctrl-C does not reach it even before it could say so itself.
            signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
        try:
            self._live_again_and_again()
        finally:
            if not self._closing and self._state.phase != "failed":
                # A mistake in the program, which Python's thread hook reports: no picture will come.
                self._show(phase="failed", message=f"generator {self._name}: its pump broke")
            with self._lock:
                self._bell.close()
                self._awake.close()
            self._mailbox.refuse()
            self._mailbox.drop_waiting()
            self._memory.close()

    def _live_again_and_again(self) -> None:
        quick_deaths = 0
        while not self._closing:
            end = self._start_and_live()
            if end is None:
                return
            quick_deaths = quick_deaths + 1 if end.quick else 0
            if end.final or quick_deaths >= _QUICK_DEATHS:
                self._show(phase="failed", message=end.reason)
                return
            self._mailbox.put_back()
            self._show(
                phase="restarting", progress=0.0, message=end.reason, restarts=self._state.restarts + 1
            )
            if quick_deaths:
                self._pause(_FIRST_PAUSE_S * 2 ** (quick_deaths - 1))

    def _start_and_live(self) -> _End | None:
        try:
            worker = Worker(self._name, self._settings, self._memory)
        except OSError as error:
            return _End(f"generator {self._name}: no process for it: {error}", quick=True, final=False)
        self._worker = worker
        self._show(pid=worker.pid)
        try:
            return self._live(worker)
        finally:
            worker.stop()
            self._show(pid=None)

    def _live(self, worker: Worker) -> _End | None:
        # One life of the process, from its start to its end; None when it ends because of `close`.
        loaded_s: float | None = None
        last_words = ""
        watch = Watch(self._patience)
        try:
            while True:
                if loaded_s is not None and (taken := self._mailbox.take()):
                    worker.ask(taken[1], taken[0])
                    watch.asks(sorted((name, found.shape) for name, found in taken[1].maps.items()))
                begin_s = now_s()
                ready = wait([worker.connection, self._awake], watch.step_s)
                watch.waits(now_s() - begin_s)
                if self._awake in ready:
                    self._hear()
                if self._closing:
                    return None
                if worker.connection in ready:
                    answer = worker.answer()
                    if isinstance(answer, Loaded):
                        loaded_s = now_s()
                    elif isinstance(answer, Refused) and loaded_s is None:
                        return _End(str(answer.error), quick=True, final=True)
                    elif isinstance(answer, Fell):
                        last_words = answer.reason
                    self._heed(worker, answer, watch)
                elif watch.verdict:
                    worker.kill()
                    reason = f"generator {self._name}: {watch.verdict}"
                    return _End(reason, quick=watch.pictures == 0, final=False)
        except WorkerDied:
            reason = last_words or worker.epitaph()
            quick = loaded_s is None or now_s() - loaded_s < _QUICK_S
            return _End(f"generator {self._name}: {reason}", quick=quick, final=False)

    def _heed(self, worker: Worker, answer: Answer, watch: Watch) -> None:
        match answer:
            case Loading(share, words):
                watch.hears()
                if self._state.phase != "restarting":
                    self._show(progress=share, message=words)
                else:
                    self._show(progress=share)
            case Loaded(identity):
                watch.is_answered()
                self._identity = identity
                self._show(phase="running", progress=1.0, message="")
            case Drawn(_, _, seconds, not_understood, behind, words, heard):
                watch.is_answered(seconds)
                if self._mailbox.finish(worker.image(answer), seconds, not_understood, behind, heard):
                    self._pace.count()
                    told = f"{words}, {self._mailbox.counts[1]} dropped" if words else ""
                    self._show(progress=1.0, message=told)
            case Refused(error):
                watch.is_answered()
                self._mailbox.refuse()
                self._show(message=str(error))
            case Fell(_):
                pass

    def _hear(self) -> None:
        with self._lock:
            self._awake.recv_bytes()
            self._rung = False

    def _pause(self, seconds: float) -> None:
        end_s = now_s() + seconds
        while not self._closing and (left_s := end_s - now_s()) > 0:
            if wait([self._awake], left_s):
                self._hear()

    def _show(self, **changes: object) -> None:
        self._state = replace(self._state, **changes)  # type: ignore[arg-type]
