"""What the director asks for, changed while the camera runs: prompt, strength, seed, held surfaces, and how
fast one's mind changes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from types import MappingProxyType

from director.app.cycle import next_of
from director.direction.ease import Ease
from director.direction.evaluate import direction_at
from director.direction.holds import background_ids, class_ids
from director.scene.compile import CompiledScene
from director.types import Direction

__all__ = ["DEFAULT_EASE_S", "Directing"]

DEFAULT_EASE_S = 0.6
_EASES_S = (0.0, DEFAULT_EASE_S, 2.0, 5.0)
_STRENGTHS = (1.0, 0.75, 0.5, 0.25, 0.0)
_SEEDS = 2**32
_MOST_PROMPTS = 12
_NOTHING: Mapping[str, str] = MappingProxyType({})


class Directing:
    """The direction of each tick. Prompts, strengths and seeds ease over; locks hold at once."""

    def __init__(self, scene: CompiledScene, seed: int, ease_s: float = DEFAULT_EASE_S) -> None:
        self._scene = scene
        self._ease = Ease(direction_at(scene.scene.prompt, {}, scene.objects, seed, 0.0), ease_s)
        self.strength = 1.0
        """1 = as directed, 0 = the proxies' own colours; of everything but the light."""
        self.locks: frozenset[int] = frozenset()
        self.keeps_seed = False
        """Whether the variation is to stay: another seed is then not gone over to."""
        self._own_strengths: dict[str, float] = {}
        self._prompts = [scene.scene.prompt.strip()]

    def replace_scene(self, scene: CompiledScene, renamed: Mapping[str, str] = _NOTHING) -> None:
        """Direct another scene: what is asked of objects goes on with those of the same names, or with whom
        they are `renamed` to. A scene prompt that was edited is gone over to."""
        before, now = self._scene, scene
        self._scene = scene
        ids = {thing.name: thing.id for thing in now.objects}
        names = {thing.id: renamed.get(thing.name, thing.name) for thing in before.objects}
        moved = {id_: ids[name] for id_, name in names.items() if name in ids}
        self.locks = frozenset(moved[id_] for id_ in self.locks if id_ in moved)
        wanted = self._ease.wanted
        prompt = wanted.prompt
        if now.scene.prompt != before.scene.prompt:
            prompt = now.scene.prompt
        prompts = {thing.id: thing.prompt for thing in now.objects if thing.prompt}
        called = {renamed.get(name, name): strength for name, strength in self._own_strengths.items()}
        self._own_strengths = {name: strength for name, strength in called.items() if name in ids}
        self._to(
            replace(
                wanted,
                prompt=prompt,
                object_prompts=MappingProxyType(prompts),
                strengths=self._strengths,
                locks=self.locks,
            )
        )

    @property
    def prompt(self) -> str:
        """The scene's prompt, as asked last."""
        return self._ease.wanted.prompt

    @property
    def wanted(self) -> Direction:
        """What was asked last."""
        return self._ease.wanted

    def adopt(self, direction: Direction) -> None:
        """Be directed so just now, as a shot says for this time; what is asked by hand goes on from it."""
        self.locks = direction.locks
        self._ease.amend(direction)
        self._ease.cut()

    @property
    def ease_s(self) -> float:
        """How long a change takes."""
        return self._ease.seconds

    @ease_s.setter
    def ease_s(self, seconds: float) -> None:
        self._ease.seconds = max(0.0, seconds)

    @property
    def prompts(self) -> tuple[str, ...]:
        """The scene's prompts so far, each once, the newest first."""
        return tuple(self._prompts)

    @property
    def seed(self) -> int:
        """The variation that was asked for last."""
        return self._ease.wanted.seed

    @property
    def references(self) -> tuple[str, ...]:
        """Picture files whose mood the picture is to have."""
        return self._ease.wanted.references

    @property
    def now(self) -> Direction:
        """The direction just now."""
        return self._ease.now

    def advance(self, dt_s: float) -> Direction:
        """The direction of a tick that comes `dt_s` after the one before."""
        return self._ease.advance(dt_s)

    def cut(self) -> None:
        """Another shot begins: what was changing has changed."""
        self._ease.cut()

    def prompt_scene(self, prompt: str) -> None:
        """Give the scene another prompt."""
        prompt = prompt.strip()
        self._prompts = [prompt, *(said for said in self._prompts if said != prompt)][:_MOST_PROMPTS]
        self._to(replace(self._ease.wanted, prompt=prompt))

    def strength_of(self, name: str) -> float:
        """The strength of an object, by its name."""
        return self._own_strengths.get(name, self.strength)

    def set_strength(self, strength: float, names: Collection[str] = ()) -> None:
        """How far everything, or only the objects named, is as directed (1) or as blocked (0)."""
        strength = min(1.0, max(0.0, strength))
        if names:
            self._own_strengths |= dict.fromkeys(names, strength)
        else:
            self.strength = strength
            self._own_strengths.clear()
        self._to(replace(self._ease.wanted, strengths=self._strengths))

    def set_seed(self, seed: int) -> None:
        """Go over to a variation, unless this one is kept."""
        if not self.keeps_seed:
            self._to(replace(self._ease.wanted, seed=seed % _SEEDS))

    def refer_to(self, references: Sequence[str]) -> None:
        """Have the picture take on the mood of these picture files."""
        self._to(replace(self._ease.wanted, references=tuple(references)))

    def next_strength(self) -> float:
        """Go a quarter towards the proxy, and from the proxy back to free; returns the strength."""
        self.set_strength(next_of(_STRENGTHS, self.strength))
        return self.strength

    def next_seed(self) -> int:
        """Another variation of the same; returns its seed."""
        self.set_seed(self.seed + 1)
        return self.seed

    def next_ease(self) -> float:
        """Change one's mind faster or more slowly; returns the seconds that a change takes."""
        self._ease.seconds = next_of(_EASES_S, self._ease.seconds)
        return self._ease.seconds

    def toggle_lock(self, id_: int) -> bool:
        """Hold an object as it looks now, or let it go; returns whether it is held."""
        self._lock(self.locks ^ {id_})
        return id_ in self.locks

    def toggle_class(self, id_: int) -> tuple[str, int, bool]:
        """Hold every object of the class of this one, or where all of them are held let them go. Returns the
        class, how many they are, and whether they are held."""
        # "" where it was taken away since it was pointed at.
        name = next((thing.class_name for thing in self._scene.objects if thing.id == id_), "")
        ids = class_ids(name, self._scene.objects)
        is_held = ids <= self.locks
        self._lock(self.locks - ids if is_held else self.locks | ids)
        return name, len(ids), not is_held

    def toggle_background(self) -> bool:
        """Hold everything but figures and vehicles, or let it go; returns whether it is held."""
        background = background_ids(self._scene.objects)
        is_held = bool(background) and background <= self.locks
        self._lock(self.locks - background if is_held else self.locks | background)
        return not is_held

    def unlock(self) -> None:
        """Let everything go."""
        self._lock(frozenset())

    @property
    def _strengths(self) -> Mapping[int, float]:
        strengths = {thing.id: self.strength_of(thing.name) for thing in self._scene.objects}
        return MappingProxyType({id_: strength for id_, strength in strengths.items() if strength != 1})

    def _lock(self, locks: frozenset[int]) -> None:
        self.locks = locks
        self._to(replace(self._ease.wanted, locks=locks))

    def _to(self, direction: Direction) -> None:
        # One that was adopted may be on its way already; where that leads to, this begins.
        direction = replace(direction, leaving=None, arrived=1.0)
        if direction.unlocked == self._ease.wanted.unlocked:
            # What is held is held at once; a change that is under way goes on.
            self._ease.amend(direction)
        else:
            self._ease.to(direction)
