"""Whether a process that left something half-made is gone."""

import os

__all__ = ["is_gone"]


def is_gone(process: int) -> bool:
    """Whether no process of that number runs any more, nor is it this one, which asks before it makes
    anything: in containers a new process often has the number of the one before. False where that cannot be
    asked."""
    # Elsewhere to ask would be to end it.
    if os.name != "posix":
        return False
    if process == os.getpid():
        return True
    try:
        os.kill(process, 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        pass
    return False
