"""A pad, by SDL's mapping."""

import os

from director.cli.checks import Finding

MEND = "plug a pad in, also while Director runs; on Linux its /dev/input/event* must be readable"


def run() -> Finding:
    """Asks SDL, without a window."""
    os.environ.setdefault("SDL_VIDEODRIVER", "dummy")
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame
    from pygame._sdl2 import controller

    pygame.display.init()
    controller.init()
    indices = range(controller.get_count())
    pads = [str(controller.name_forindex(index)) for index in indices if controller.is_controller(index)]
    others = len(indices) - len(pads)
    pygame.quit()
    if pads:
        return Finding(True, ", ".join(pads))
    found = f"{others} joysticks that SDL has no mapping for" if others else "no pad"
    return Finding(False, f"{found}; keyboard and mouse do all of it too", MEND)
