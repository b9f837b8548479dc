"""The scene document: what a scene file holds, as frozen pydantic models."""

from typing import TYPE_CHECKING, Annotated, Literal, Self, Union

from pydantic import Field, model_validator

from director.camera.moves import AnyMove
from director.scene.proxies import proxy_kinds
from director.scene.proxy import Document, Metres, Placed, Proxy, ProxyProblem
from director.scene.route import check_reference, check_route
from director.scene.shots import Shot, check_shots

__all__ = ["SCHEMA_VERSION", "Group", "Scene", "Sun"]

SCHEMA_VERSION = 1

# Object ids are 16 bits wide in the G-buffer, and 0 is the sky.
_MOST_OBJECTS = 65535
_MOST_PARENTS = 64

if TYPE_CHECKING:
    AnyProxy = Proxy
else:
    AnyProxy = Annotated[Union[tuple(proxy_kinds().values())], Field(discriminator="kind")]  # noqa: UP007


class Sun(Document):
    """Where the sun (or the moon) stands: azimuth 0 is −Z, counted towards +X; elevation 0 the horizon."""

    azimuth_deg: Annotated[float, Field(strict=True, ge=-360, le=360)] = 135.0
    elevation_deg: Annotated[float, Field(strict=True, ge=-90, le=90)] = 40.0


class Group(Placed):
    """Something that others name as their parent: it has a place, and keys, but no geometry."""


class Scene(Document):
    """A whole set: geometry, light, words, named camera moves and shots.

    `near_m` and `far_m` are the range of the control depth of every shot.
    """

    schema_version: Literal[1]
    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9_\-]+$", max_length=80)]
    title: Annotated[str, Field(max_length=200)] = ""
    prompt: Annotated[str, Field(max_length=1000)] = ""
    near_m: Metres = 0.5
    far_m: Metres = 100.0
    sun: Sun = Sun()
    groups: tuple[Group, ...] = ()
    objects: Annotated[tuple[AnyProxy, ...], Field(max_length=_MOST_OBJECTS)] = ()
    moves: tuple[AnyMove, ...] = ()
    shots: tuple[Shot, ...] = ()

    @model_validator(mode="after")
    def _whole(self) -> Self:
        if self.near_m >= self.far_m:
            raise ProxyProblem(
                f"{self.near_m:g} is not nearer than far_m, which is {self.far_m:g}",
                field="near_m",
                mend="give a near_m smaller than far_m",
            )
        self._check_names()
        self._check_parents()
        self._check_ways()
        self._check_moves()
        self._check_shots()
        return self

    def _check_names(self) -> None:
        seen: dict[str, str] = {}
        for field, placed in self.placed():
            if placed.name in seen:
                raise ProxyProblem(
                    f"{placed.name!r} is already the name of {seen[placed.name]}",
                    field=f"{field}.name",
                    mend="give every object and group a name of its own",
                )
            seen[placed.name] = field
            for i, (key, following) in enumerate(zip(placed.keys, placed.keys[1:], strict=False)):
                if following.time_s <= key.time_s:
                    raise ProxyProblem(
                        f"{following.time_s:g} s does not come after {key.time_s:g} s",
                        field=f"{field}.keys[{i + 1}].time_s",
                        mend="sort the keys by time, one a time",
                    )

    def _check_parents(self) -> None:
        parents = {placed.name: placed.parent for _, placed in self.placed()}
        depths: dict[str | None, int] = {None: 0}
        for field, placed in self.placed():
            chain: list[str] = []
            name: str | None = placed.name
            while name not in depths:
                assert name is not None
                if name in chain:
                    ring = " → ".join([*chain[chain.index(name) :], name])
                    raise ProxyProblem(
                        f"a cycle of parents: {ring}",
                        field=f"{field}.parent",
                        mend="take the parent off one of them",
                    )
                chain.append(name)
                if len(chain) > _MOST_PARENTS:
                    raise _too_deep(field)
                parent = parents[name]
                if parent is not None and parent not in parents:
                    raise ProxyProblem(
                        f"there is no object or group named {parent!r}",
                        field=f"{field}.parent",
                        mend="name an object or group of this scene, or leave the parent out",
                    )
                name = parent
            for depth, link in enumerate(reversed(chain), start=depths[name] + 1):
                depths[link] = depth
            if depths[placed.name] > _MOST_PARENTS:
                raise _too_deep(field)

    def _check_ways(self) -> None:
        """Routes, and the references of groups and objects but for parents."""
        placed = self.placed()
        known = [each.name for _, each in placed]
        for field, each in placed:
            check_route(field, each)
            for own_field, name in each.references:
                if own_field != "parent":
                    check_reference(f"{field}.{own_field}", name, each.name, known)

    def _check_moves(self) -> None:
        known = {placed.name for _, placed in self.placed()}
        seen: set[str] = set()
        for i, move in enumerate(self.moves):
            if move.name in seen:
                raise ProxyProblem(
                    f"there are two moves named {move.name!r}",
                    field=f"moves[{i}].name",
                    mend="give every move a name of its own",
                )
            seen.add(move.name)
            for name in sorted(move.object_names - known):
                raise ProxyProblem(
                    f"the move refers to {name!r}, which is not in this scene",
                    field=f"moves[{i}]",
                    mend="name an object or group of this scene",
                )

    def _check_shots(self) -> None:
        if not self.shots:
            return
        check_shots(
            self.shots,
            objects={proxy.name for proxy in self.objects},
            groups={group.name for group in self.groups},
            moves=[move.name for move in self.moves],
        )

    def placed(self) -> list[tuple[str, Placed]]:
        """Every group and object with its field, groups first."""
        groups: list[tuple[str, Placed]] = [(f"groups[{i}]", group) for i, group in enumerate(self.groups)]
        return groups + [(f"objects[{i}]", proxy) for i, proxy in enumerate(self.objects)]


def _too_deep(field: str) -> ProxyProblem:
    return ProxyProblem(
        f"hangs from more than {_MOST_PARENTS} parents, one from another",
        field=f"{field}.parent",
        mend="hang it from a parent nearer the ground",
    )
