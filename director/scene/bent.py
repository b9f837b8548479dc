"""Meshes that are others in a new shape, as cloth that hangs anew each tick: their triangles are the same."""

from weakref import WeakKeyDictionary

from director.scene.detail import share_levels
from director.scene.mesh import Mesh

__all__ = ["call_bent", "rest_of"]

_rest: WeakKeyDictionary[Mesh, Mesh] = WeakKeyDictionary()


def call_bent(mesh: Mesh, rest: Mesh) -> None:
    """Tell that a mesh is another at rest: vertex for vertex, with the very same triangles."""
    _rest[mesh] = rest_of(rest)
    share_levels(mesh, rest)


def rest_of(mesh: Mesh) -> Mesh:
    """What a mesh is at rest: itself, unless it is bent."""
    return _rest.get(mesh, mesh)
