"""The family of camera moves: one kind a file, each defining `MOVE`, found by looking into this folder."""

import importlib
import pkgutil
from collections.abc import Mapping
from functools import cache
from types import MappingProxyType
from typing import TYPE_CHECKING, Annotated, Any, Union

from pydantic import Field, TypeAdapter

from director.camera.move import Ease, Move
from director.camera.points import Locate, ObjectPoint, Point

__all__ = ["AnyMove", "Ease", "Locate", "Move", "ObjectPoint", "Point", "move_kinds", "parse_move"]


@cache
def move_kinds() -> Mapping[str, type[Move]]:
    """The kinds of move by the name that scene files use, in alphabetical order."""
    modules = (
        importlib.import_module(f"{__name__}.{found.name}") for found in pkgutil.iter_modules(__path__)
    )
    moves: list[type[Move]] = [module.MOVE for module in modules]
    kinds = {str(move.model_fields["kind"].default): move for move in moves}
    return MappingProxyType(dict(sorted(kinds.items())))


if TYPE_CHECKING:
    AnyMove = Move
else:
    # What a pydantic model uses as the type of a field that holds any move.
    AnyMove = Annotated[Union[tuple(move_kinds().values())], Field(discriminator="kind")]  # noqa: UP007


def parse_move(raw: Mapping[str, Any]) -> Move:
    """A move from what a scene file holds. Raises pydantic.ValidationError, which names each bad field."""
    move: Move = TypeAdapter(AnyMove).validate_python(raw)
    return move
