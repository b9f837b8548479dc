"""The scene as shot: a take carries its own copy, mesh files and all, and points at nothing outside."""

import hashlib
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import unquote

from director.errors import RecordingError
from director.scene.document import Scene

__all__ = ["SceneCopy", "plan_copy"]

_MESHES = "meshes"


@dataclass(frozen=True, slots=True)
class SceneCopy:
    """`document` is the scene with the paths it has inside the take; `files` are those paths, and where
    each is to be copied from."""

    document: dict[str, object]
    files: Mapping[str, Path]

    def write(self, folder: Path) -> None:
        """Copy the files into a take folder. Raises RecordingError."""
        for name, source in self.files.items():
            target = folder / name
            try:
                target.parent.mkdir(parents=True, exist_ok=True)
                if source.suffix.lower() == ".gltf":
                    _copy_gltf(source, target)
                else:
                    shutil.copyfile(source, target)
            # A .gltf may hold anything where a list of files is wanted.
            except (OSError, ValueError, TypeError, AttributeError) as error:
                raise RecordingError(
                    f"cannot be copied into the take: {error}", subject=str(source), mend="make room"
                ) from error


def plan_copy(scene: Scene, folder: Path) -> SceneCopy:
    """What a scene is to be inside a take folder. Copies nothing yet."""
    document = scene.model_dump(mode="json", by_alias=True, exclude_none=True)
    files: dict[str, Path] = {}
    for proxy, dumped in zip(scene.objects, document.get("objects", ()), strict=True):
        for field, reference in proxy.references_from(folder).items():
            source = (folder / reference).resolve()
            # Files of one name may come from several folders.
            origin = hashlib.sha256(str(source.parent).encode()).hexdigest()[:8]
            name = f"{_MESHES}/{origin}/{source.name}"
            files[name] = source
            dumped[field] = name
    return SceneCopy(document, files)


_COMPANIONS = frozenset({".bin", ".png", ".jpg", ".jpeg", ".webp", ".ktx2", ".bmp"})
_LARGEST = 2**30


def _copy_gltf(source: Path, target: Path) -> None:
    # A .gltf names its buffers and pictures beside it, perhaps in folders above: bring them beside it.
    content = json.loads(source.read_text(encoding="utf-8"))
    for kind in ("buffers", "images"):
        for index, entry in enumerate(content.get(kind, ())):
            uri = entry.get("uri", "data:")
            if not uri.startswith("data:"):
                companion = source.parent / unquote(uri)
                # A mesh from elsewhere names what it likes, and takes are given away.
                if companion.suffix.lower() not in _COMPANIONS or not companion.is_file():
                    raise ValueError(f"{uri[:80]} is no {kind[:-1]} of a mesh")
                if companion.stat().st_size > _LARGEST:
                    raise ValueError(f"{uri[:80]} is larger than a mesh's files are")
                entry["uri"] = f"{target.stem}.{kind}{index}{companion.suffix}"
                shutil.copyfile(companion, target.parent / entry["uri"])
    target.write_text(json.dumps(content), encoding="utf-8")
