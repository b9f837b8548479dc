"""OpenGL without a window, as every pass needs it."""

from director.cli.checks import Finding
from director.errors import GraphicsError

MEND = "on Debian or Ubuntu: apt-get install libegl1 libgl1 libgl1-mesa-dri; elsewhere a graphics driver"


def run() -> Finding:
    """Makes a context."""
    from director.passes.context import describe, headless_context

    try:
        context = headless_context()
    except GraphicsError as error:
        return Finding(False, error.problem, error.mend or MEND)
    renderer = describe(context)
    context.release()
    kind = " (software)" if renderer.is_software else ""
    return Finding(True, f"{renderer.name}{kind}, OpenGL {renderer.version}")
