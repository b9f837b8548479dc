"""Every error a user can meet, each with the thing that failed and the mend.

    DirectorError
    ├── BadInput            exit status 2: the user can mend it by changing what they gave
    │   ├── UsageError      a command line argument
    │   ├── SceneError      a scene file and a field in it
    │   └── TakeError       a take folder
    └── RunError            exit status 1: it failed while running
        ├── GraphicsError   no OpenGL, a shader that does not compile
        ├── GeneratorError  a generator that cannot load, or died
        ├── RecordingError  a film that cannot be written
        └── MissingExtra    an optional package that is not installed

`str(error)` is one line, `subject: problem (mend)`: what a command prints before it exits.
"""

__all__ = [
    "BadInput",
    "DirectorError",
    "GeneratorError",
    "GraphicsError",
    "MissingExtra",
    "RecordingError",
    "RunError",
    "SceneError",
    "TakeError",
    "UsageError",
]


class DirectorError(Exception):
    """An error shown to the user as one line; `mend` says what to do about it."""

    exit_status = 1

    def __init__(self, problem: str, *, subject: str = "", mend: str = "") -> None:
        self.problem = problem
        self.subject = subject
        self.mend = mend
        super().__init__(problem)

    def __str__(self) -> str:
        line = f"{self.subject}: {self.problem}" if self.subject else self.problem
        if self.mend:
            line = f"{line} ({self.mend})"
        return " ".join(line.split())

    def __reduce__(self) -> tuple[object, ...]:
        # Errors cross the generator's process boundary; Exception's own pickling loses keywords.
        return (_rebuild, (type(self), self.__dict__.copy()))


def _rebuild(kind: type[DirectorError], state: dict[str, object]) -> DirectorError:
    error = kind.__new__(kind)
    Exception.__init__(error, state["problem"])
    error.__dict__.update(state)
    return error


class BadInput(DirectorError):
    """Something the user gave cannot be used."""

    exit_status = 2


class UsageError(BadInput):
    """A command line argument that cannot be used."""


class SceneError(BadInput):
    """A scene file that cannot be used; names the file and, where there is one, the field."""

    def __init__(self, problem: str, *, file: str, field: str = "", mend: str = "") -> None:
        self.file = file
        self.field = field
        super().__init__(problem, subject=f"{file}: {field}" if field else file, mend=mend)


class TakeError(BadInput):
    """A take folder that cannot be read."""


class RunError(DirectorError):
    """Something failed while running."""


class GraphicsError(RunError):
    """OpenGL is missing, or refused what was asked."""


class GeneratorError(RunError):
    """A generator cannot be loaded, or failed while generating."""


class RecordingError(RunError):
    """A take or a film cannot be written."""


class MissingExtra(RunError):
    """An optional package is not installed; names the command that installs it."""

    def __init__(self, package: str, *, extra: str) -> None:
        self.package = package
        self.extra = extra
        super().__init__(
            f"needs the package {package}, which is not installed",
            mend=f"pip install 'director[{extra}]'",
        )
