"""What a render's pictures follow from: where any of it is another, none of the kept ones is of use."""

from dataclasses import asdict

from director import __version__
from director.generate.protocol import GeneratorIdentity, GeneratorSettings
from director.passes.context import Renderer
from director.take.hashes import values_sha256
from director.take.render_plan import RenderPlan
from director.take.seen_schedule import SeenSchedule

__all__ = ["render_key"]


def render_key(
    plan: RenderPlan,
    schedule: SeenSchedule,
    map_size: tuple[int, int],
    settings: GeneratorSettings,
    identity: GeneratorIdentity,
    renderer: Renderer,
    seam: float | None = None,
) -> str:
    """A hash. `seam` is the bound of seams, None where none are made."""
    told: dict[str, object] = {
        "take": dict(plan.hashes),
        "as_seen": plan.as_seen,
        "live": plan.is_live,
        "size": list(plan.size),
        "map_size": list(map_size),
        "identity": asdict(identity),
        "options": dict(settings.options),
        "gl_renderer": [renderer.name, renderer.version],
        "software": __version__,
        "pictures": [len(schedule.wanted), *(list(one.size) for one in schedule.wanted[:1])],
    }
    if plan.references:
        told["references"] = dict(plan.references)
    return values_sha256(told if seam is None else {**told, "seam": seam})
