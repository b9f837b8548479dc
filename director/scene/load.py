"""Scene files: reading one, or saying in a line what is wrong with it; writing one whole or not at all."""

import difflib
import json
import os
import re
import reprlib
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from director.errors import SceneError
from director.resources import scenes_folder
from director.scene.document import SCHEMA_VERSION, Scene
from director.scene.proxy import ProxyProblem

__all__ = [
    "first_problem",
    "load_scene",
    "parse_scene",
    "save_scene",
    "scene_document",
    "scene_names",
    "scene_path",
    "scene_schema",
    "write_whole",
]

# A scene is text about proxies; what is larger was chosen by mistake.
_LARGEST_FILE = 64 * 2**20


def scene_names() -> list[str]:
    """The shipped scenes, in alphabetical order."""
    return sorted(path.stem for path in scenes_folder().glob("*.json"))


def scene_schema() -> dict[str, Any]:
    """The JSON Schema of scene files."""
    return Scene.model_json_schema()


def load_scene(name_or_path: str | Path) -> Scene:
    """A scene by the name of a shipped one, or from a file.

    Raises SceneError for a name that no scene has and for every file that is not a whole scene.
    """
    path = scene_path(name_or_path)
    try:
        if path.stat().st_size > _LARGEST_FILE:
            raise SceneError(
                f"{path.stat().st_size / 2**20:.0f} MB is too large for a scene",
                file=str(path),
                mend="give the scene's .json file; meshes are named in it, not held",
            )
        text = path.read_text("utf-8-sig")
    except UnicodeDecodeError as error:
        raise SceneError(
            f"is not UTF-8 text (byte {error.start})", file=str(path), mend="save it as UTF-8 JSON"
        ) from error
    except (OSError, ValueError) as error:
        # ValueError: a path with a null character.
        raise SceneError(
            f"cannot be read: {getattr(error, 'strerror', None) or error}",
            file=str(path),
            mend="check the path and its permissions",
        ) from error
    return parse_scene(text, file=str(path), folder=path.parent)


def parse_scene(text: str, *, file: str, folder: Path) -> Scene:
    """A scene from JSON text; `folder` is where its meshes are looked for, `file` what errors call it.

    Raises SceneError.
    """
    raw = _json(text, file)
    if not isinstance(raw, dict):
        raise SceneError("is not a JSON object", file=file, mend="a scene file starts with {")
    version = raw.get("schema_version")
    if version != SCHEMA_VERSION or isinstance(version, bool):
        found = "is missing" if version is None else f"{version!r:.40} is not supported"
        raise SceneError(
            found, file=file, field="schema_version", mend=f"this version reads {SCHEMA_VERSION}"
        )
    try:
        scene = Scene.model_validate(raw, context={"folder": folder})
    except ValidationError as error:
        raise first_problem(error, raw, file) from error
    for i, proxy in enumerate(scene.objects):
        try:
            proxy.check()
        except ProxyProblem as problem:
            field = f"objects[{i}].{problem.field}"
            raise SceneError(problem.problem, file=file, field=field, mend=problem.mend) from problem
    return scene


def save_scene(scene: Scene, path: Path) -> None:
    """Write a scene file, whole or not at all. Raises SceneError where it cannot be written."""
    text = json.dumps(scene_document(scene, path.parent), indent=1, ensure_ascii=False) + "\n"
    write_whole(path, text)


def scene_document(scene: Scene, folder: Path) -> dict[str, Any]:
    """What the file of a scene in `folder` holds; what a scene leaves at its defaults is left out."""
    raw = scene.model_dump(mode="json", by_alias=True, exclude_defaults=True)
    for proxy, dumped in zip(scene.objects, raw.get("objects", ()), strict=False):
        dumped.update({"kind": proxy.kind, **proxy.references_from(folder)})
    for move, dumped in zip(scene.moves, raw.get("moves", ()), strict=False):
        dumped["kind"] = move.kind
    return {"schema_version": SCHEMA_VERSION, **raw}


def write_whole(path: Path, text: str) -> None:
    """Write a text file, whole or not at all. Raises SceneError where it cannot be written."""
    unfinished = path.with_name(f".{path.name}.tmp")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        try:
            with unfinished.open("w", encoding="utf-8") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            unfinished.replace(path)
        finally:
            unfinished.unlink(missing_ok=True)
    except OSError as error:
        raise SceneError(
            f"cannot be written: {error.strerror or error}",
            file=str(path),
            mend="choose a folder you may write to",
        ) from error


def scene_path(name_or_path: str | Path) -> Path:
    """The file that a name or a path means. Raises SceneError for a name that no scene has."""
    text = str(name_or_path)
    # A bare word is a shipped scene; whatever looks like a path is one.
    if isinstance(name_or_path, str) and re.fullmatch(r"[A-Za-z0-9_\-]+", text):
        shipped = scenes_folder() / f"{text}.json"
        if shipped.is_file():
            return shipped
        if not Path(text).exists():
            raise SceneError(
                "there is no scene of that name",
                file=text,
                mend=f"scenes: {', '.join(scene_names())}; or give a path to a .json file",
            )
    return Path(name_or_path)


def _json(text: str, file: str) -> Any:
    try:
        # NaN and Infinity pass here, so that the document can say in which field they are.
        return json.loads(text, object_pairs_hook=_unique)
    except json.JSONDecodeError as error:
        raise SceneError(
            f"is not JSON: {error.msg} (line {error.lineno}, column {error.colno})",
            file=file,
            mend="mend the text there",
        ) from error
    except RecursionError as error:
        raise SceneError(
            "is nested too deeply", file=file, mend="a scene needs no more than six levels"
        ) from error
    except ValueError as error:
        raise SceneError(
            f"is not JSON: {error}", file=file, mend="give each field once, and shorter numbers"
        ) from error


def _unique(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(pairs)
    if len(made) != len(pairs):
        seen: set[str] = set()
        for name, _ in pairs:
            if name in seen:
                raise ValueError(f"the field {name!r:.60} is given twice")
            seen.add(name)
    return made


def first_problem(error: ValidationError, raw: Mapping[str, Any], file: str) -> SceneError:
    """The first of pydantic's findings as the line that a user reads; `raw` is what was validated."""
    found = error.errors(include_url=False)
    first = found[0]
    more = f"; {len(found) - 1} more" if len(found) > 1 else ""
    cause = first.get("ctx", {}).get("error")
    if isinstance(cause, ProxyProblem):
        return SceneError(cause.problem + more, file=file, field=cause.field, mend=cause.mend)
    field = _dotted(first["loc"], raw)
    problem, mend = _worded(field, first["type"], str(first["msg"]), first.get("input"), first.get("ctx", {}))
    return SceneError(problem + more, file=file, field=field, mend=mend)


def _dotted(location: Sequence[int | str], raw: object) -> str:
    """objects[3].class of pydantic's ("objects", 3, "box", "class"): tags of unions are no fields."""
    text = ""
    here: object = raw
    for place, step in enumerate(location):
        following = location[place + 1] if place + 1 < len(location) else None
        if isinstance(step, int):
            text += f"[{step}]"
            here = here[step] if isinstance(here, list | tuple) and step < len(here) else None
        elif isinstance(here, dict) and not _is_tag(step, following, here):
            shown = step if re.fullmatch(r"[\w \-]{1,60}", step, re.ASCII) else reprlib.repr(step)
            text += f".{shown}" if text else shown
            here = here.get(step)
    return text


def _is_tag(step: str, following: int | str | None, here: dict[str, Any]) -> bool:
    if here.get("kind") == step and step not in here:
        return True
    if following is None:
        return False
    # A point tied to an object is tagged "object", and has a field of that name: what follows decides.
    return step not in here or (following in here and not isinstance(here[step], dict | list))


def _worded(field: str, kind: str, message: str, value: object, context: dict[str, Any]) -> tuple[str, str]:
    """What is wrong, and the mend, of one of pydantic's errors."""
    shown = _shown(value)
    if kind == "extra_forbidden":
        known = _field_names()
        close = difflib.get_close_matches(field.rpartition(".")[2], known, n=2, cutoff=0.6)
        return (
            "is not a field of a scene file here",
            f"did you mean {' or '.join(close)}?" if close else "take it out",
        )
    if kind == "missing":
        return "is missing", "add it"
    if kind == "union_tag_not_found":
        return "has no kind", "add a kind"
    if kind == "union_tag_invalid":
        tag, kinds = str(context.get("tag")), context.get("expected_tags")
        return f"{tag!r:.60} is no kind there is", f"kinds: {kinds}"
    if kind == "value_error":
        problem = str(context.get("error", message))
        return problem, "use one of these" if "did you mean" in problem else "change the value"
    if kind == "finite_number":
        return f"{shown} is not a finite number", "give a plain number"
    if kind == "string_pattern_mismatch" and "{6}" in str(context.get("pattern")):
        return f"{shown} is not a colour", "write it as #rrggbb"
    if kind == "string_pattern_mismatch":
        return f"{shown} is not a name", "use letters, digits, spaces, - _ and ."
    plain = message[:1].lower() + message[1:]
    return f"{shown} cannot be used: {plain}", "change the value"


def _field_names() -> list[str]:
    """Every field name of every model of the schema."""
    schema = scene_schema()
    models = [schema, *schema["$defs"].values()]
    return sorted({name for model in models for name in model.get("properties", ())})


def _shown(value: object) -> str:
    # reprlib stops at depth and length, however a file is nested.
    text = reprlib.repr(value)
    return text if len(text) <= 60 else text[:57] + "…"
