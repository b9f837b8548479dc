"""Keep freed memory for the next picture instead of handing it back to the system after every layer.

A generator asks for the same megabytes again and again. glibc maps each large request afresh, so that
every layer's output is paid for in page faults: measured, they took more than half of the time of a
picture on a CPU. Elsewhere than on glibc nothing is done.
"""

import ctypes
import sys

__all__ = ["keep_memory"]

# From glibc's malloc.h.
_M_TRIM_THRESHOLD = -1
_M_MMAP_MAX = -4


def keep_memory() -> bool:
    """For the whole process, which should be the generator's own. Tells whether it could be done."""
    if not sys.platform.startswith("linux"):
        return False
    tune = getattr(ctypes.CDLL(None), "mallopt", None)
    if tune is None:
        return False
    return bool(tune(_M_MMAP_MAX, 0)) and bool(tune(_M_TRIM_THRESHOLD, 2**31 - 1))
