"""How long a worker on another machine may be silent, before it is taken for hung and ended."""

from director.generate.watchdog import Patience

__all__ = ["DRAWING", "LOADING"]

LOADING = Patience(silent_s=1800.0)
"""It may have weights to fetch, and nothing is heard of that here. Waiting for a place does not count."""

DRAWING = Patience(silent_s=3600.0, least_s=60.0)
"""A worker without a card takes minutes for a picture of many steps, and compiling for one as long."""
