"""Hashes by which a take shows that it is still as it was recorded."""

import hashlib
import json
from collections.abc import Mapping
from pathlib import Path

__all__ = ["file_sha256", "scene_sha256", "values_sha256"]


def file_sha256(path: Path) -> str:
    """Of a file's bytes. Raises OSError."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def values_sha256(values: object) -> str:
    """Of JSON values, whatever the order of their keys."""
    text = json.dumps(values, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def scene_sha256(document: Mapping[str, object], folder: Path) -> str:
    """Of the scene in a take.json, and of the meshes that lie beside it in the folder. Raises OSError."""
    meshes = folder / "meshes"
    files = sorted(path for path in meshes.rglob("*") if path.is_file()) if meshes.is_dir() else []
    told = {path.relative_to(folder).as_posix(): file_sha256(path) for path in files}
    return values_sha256([document, told])
