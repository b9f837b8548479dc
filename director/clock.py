"""The only module that reads the wall clock.

Everything else takes time as an argument, so that the same inputs give the same bytes.
"""

import time
from datetime import UTC, datetime

__all__ = ["now_s", "today"]


def now_s() -> float:
    """Seconds on a monotonic clock of unknown origin; only differences mean anything."""
    return time.perf_counter()


def today() -> str:
    """The present moment as ISO 8601 in UTC, to the second, for slates and file metadata."""
    return datetime.now(UTC).isoformat(timespec="seconds")
