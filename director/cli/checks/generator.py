"""The embedded generator: its weights, and one small frame from them."""

from director.cli.checks import Finding
from director.clock import now_s
from director.errors import DirectorError

MEND = "reinstall Director: its package carries the weights; or draw with --generator proxy"

_NAME = "embedded"
_SIZE = (128, 72)


def run() -> Finding:
    """Loads it and draws a frame of the first shipped scene."""
    from director.scene.load import load_scene, scene_names
    from director.take.stage import Request, Stage

    try:
        scene = load_scene(scene_names()[0])
        request = Request(scene, width=_SIZE[0], height=_SIZE[1], generator=_NAME)
        start_s = now_s()
        with Stage(request, lambda share, words: None) as stage:
            loaded_s = now_s()
            frame = stage.frame(stage.tick(0))
            identity = stage.runner.identity
    except DirectorError as error:
        return Finding(False, str(error), error.mend or MEND)
    if frame.picture.std() < 1.0:
        return Finding(False, "it draws an empty picture", MEND)
    weights = "" if identity is None else f", weights {identity.weights_sha256[:12]}"
    device = "" if identity is None else f" on {identity.device} by torch {identity.torch}"
    return Finding(
        True,
        f"{_NAME}{device}{weights}: loaded in {loaded_s - start_s:.1f} s, "
        f"a frame of {_SIZE[0]}x{_SIZE[1]} in {frame.generated.seconds * 1000:.0f} ms",
    )
