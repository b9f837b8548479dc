"""A display to open the viewport on."""

import os

from director.cli.checks import Finding

MEND = "start it in a desktop session, or under xvfb-run; shoot and still need no display"


def run() -> Finding:
    """Asks SDL for one, but opens no window."""
    os.environ.setdefault("PYGAME_HIDE_SUPPORT_PROMPT", "1")
    import pygame

    try:
        pygame.display.init()
        sizes = pygame.display.get_desktop_sizes()
        driver = pygame.display.get_driver()
    except pygame.error as error:
        return Finding(False, str(error), MEND)
    finally:
        pygame.quit()
    if driver in ("dummy", "offscreen"):
        return Finding(False, f"only SDL's {driver} driver", MEND)
    return Finding(True, f"{driver}: " + ", ".join(f"{width}x{height}" for width, height in sizes))
