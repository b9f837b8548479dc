"""Who is called otherwise in a scene than in the same scene before an edit."""

from director.scene.document import Scene

__all__ = ["renamed_between"]


def renamed_between(before: Scene, after: Scene) -> dict[str, str]:
    """New names by old ones, of objects and groups that stand where one stood whose name is gone. Nothing
    where things came or went."""
    old, new = before.placed(), after.placed()
    if len(old) != len(new):
        return {}
    before_names, after_names = ({placed.name for _, placed in side} for side in (old, new))
    return {
        was.name: now.name
        for (_, was), (_, now) in zip(old, new, strict=True)
        if type(was) is type(now) and was.name not in after_names and now.name not in before_names
    }
