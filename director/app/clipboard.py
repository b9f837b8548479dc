"""The system's clipboard, where there is one."""

import pygame

__all__ = ["copied"]


def copied(text: str) -> bool:
    """Put a text on the clipboard, to be pasted in other programs; returns whether that could be done."""
    try:
        if not pygame.scrap.get_init():
            pygame.scrap.init()
        pygame.scrap.put("text/plain;charset=utf-8", text.encode())
        pygame.scrap.put(pygame.SCRAP_TEXT, text.encode())
    # pygame.error where the display has no clipboard, NotImplementedError where pygame was built without one.
    # The caller says so and shows the text: there is nothing else to be mended.
    except (pygame.error, NotImplementedError):
        return False
    return True
