"""Who is called otherwise in a scene than in the same scene before an edit."""

from director.scene.document import Scene

__all__ = ["renamed_between"]


def renamed_between(before: Scene, after: Scene) -> dict[str, str]:
    """New names by old ones, of objects and groups that stand where one stood whose name is gone. Nothing
    where things came or went."""
    old = [placed.name for _, placed in before.placed()]
    new = [placed.name for _, placed in after.placed()]
    if len(old) != len(new):
        return {}
    gone, come = set(old) - set(new), set(new) - set(old)
    return {a: b for a, b in zip(old, new, strict=True) if a in gone and b in come}
