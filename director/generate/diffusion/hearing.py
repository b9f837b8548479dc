"""What a direction asks for, as a stream is told it: words of scene and objects, reference pictures, LoRAs.

Live, nothing here is waited for: while something new is being encoded in the background, what was asked for
before is heard on.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import torch

from director.errors import GeneratorError
from director.generate.diffusion.attention import Reference
from director.generate.diffusion.levels import CONTROL, LORA, REFERENCE, level
from director.generate.diffusion.options import Options
from director.generate.diffusion.parts import Parts, vae_factor
from director.generate.diffusion.references import References, shares_of
from director.generate.diffusion.regions import MOST_REGIONS, RegionPrompts, Regions, region_prompts
from director.generate.diffusion.words import Embedding, Words, between
from director.types import Conditioning, Direction

__all__ = ["Hearing", "Said"]


@dataclass(frozen=True, slots=True, eq=False)
class Said:
    """As `Stream.latents` takes it. `heard` is the direction that this is of, where it is not the asked."""

    words: Embedding
    negative: Embedding | None
    regions: Regions | None
    references: tuple[Reference, ...]
    heard: Direction | None = None


class Hearing:
    """The text and image encoders of a model, and what they have heard so far."""

    def __init__(self, parts: Parts, options: Options) -> None:
        """Raises GeneratorError for references to pictures where the model has no IP-Adapter."""
        self._parts = parts
        self._chosen = options.preset
        self._options = options
        self._words = Words(parts)
        self._references = None if parts.adapter is None else References(parts.adapter)
        self._heard: Direction | None = None
        # What is predicted together, or compiled, has one shape.
        self._slots = MOST_REGIONS if options.preset.compile or options.batches else 0
        if self._chosen.references:
            self._check_adapter()

    def said(self, conditioning: Conditioning) -> Said:
        """Of the direction of a conditioning. Raises GeneratorError for a reference that cannot be heard."""
        self._turn_loras(conditioning.direction)
        now = self._sayable(conditioning)
        found = region_prompts(now) if self._options.regional else None
        words, regions = self._scene(now.direction), None
        # What is compiled has room for all that there could be: another number would be another graph.
        if found is not None and (found.prompts or self._slots):
            words, regions = self._with_regions(words, found)
        negative = None
        if self._chosen.guidance > 1 and self._chosen.guide != "self":
            negative = self._words.embedding(self._chosen.negative)
        heard = None if now is conditioning else now.direction
        return Said(words, negative, regions, tuple(self._referred(now)), heard)

    def unheard(self, conditioning: Conditioning) -> tuple[str, ...]:
        """What was said to no effect: settings of the look that name a control or a LoRA there is none of,
        and pictures of objects that the scene has not."""
        known = {CONTROL + name for name in self._chosen.taken} | {LORA + name for name in self._chosen.loras}
        strays = conditioning.direction.look.keys() - known
        unknown = self._chosen.references.keys() - {thing.name for thing in conditioning.objects}
        return (
            *sorted(name for name in strays if name.startswith((CONTROL, LORA))),
            *(f"reference of {name}" for name in sorted(unknown)),
        )

    def forget(self) -> None:
        """A cut: what was heard before is heard no more."""
        self._heard = None

    def close(self) -> None:
        """Wait for what is being encoded, and begin nothing that is not."""
        self._words.close()
        if self._references is not None:
            self._references.close()

    def _turn_loras(self, direction: Direction) -> None:
        loras = self._parts.loras
        if loras is None:
            return
        weights = {
            name: level(direction, LORA + name, self._chosen.loras[name].weight, -2, 2)
            for name in loras.names
        }
        if not loras.needs(weights):
            return
        if loras.change_words:
            with self._words.changing():
                loras.put_in(weights)
        else:
            loras.put_in(weights)

    def _sayable(self, conditioning: Conditioning) -> Conditioning:
        """With the direction that is to be heard: live, the one before until all of it is encoded."""
        if not self._options.live:
            return conditioning
        wanted = [one.prompt for one in _on_the_way(conditioning.direction)]
        if self._options.regional:
            wanted.extend(region_prompts(conditioning).prompts)
        is_known = self._words.ask(wanted)
        if self._references is not None:
            is_known &= self._references.ask(self._pictures(conditioning))
        if is_known or self._heard is None:
            self._heard = conditioning.direction
            return conditioning
        return replace(conditioning, direction=self._heard_on(conditioning))

    def _heard_on(self, conditioning: Conditioning) -> Direction:
        """What was heard before, with all of the present that needs no reading: said as a direction of its
        own, by which the same picture can be drawn again."""
        now, before = conditioning.direction, self._heard
        assert before is not None
        prompts = {
            thing.id: before.object_prompts.get(thing.id, thing.prompt) for thing in conditioning.objects
        }
        # What comes into view meanwhile is not heard yet.
        known = {id_: said if self._words.knows(said.strip()) else "" for id_, said in prompts.items()}
        return replace(
            _seeded(before, now.seed),
            object_prompts=known,
            strengths=now.strengths,
            locks=now.locks,
            look=now.look,
        )

    def _pictures(self, conditioning: Conditioning) -> list[str]:
        of_scene = [path for one in _on_the_way(conditioning.direction) for path in one.references]
        return of_scene + [picture for _, picture in self._pictured(conditioning)]

    def _scene(self, direction: Direction) -> Embedding:
        asked = self._words.embedding(direction.prompt)
        if direction.leaving is None or direction.arrived >= 1.0:
            return asked
        return between(self._scene(direction.leaving), asked, direction.arrived)

    def _with_regions(self, scene: Embedding, found: RegionPrompts) -> tuple[Embedding, Regions]:
        words = [self._words.embedding(prompt) for prompt in found.prompts]
        latent = self._latent(found.regions.shape)
        told = scene.with_regions(words, self._slots)
        return told, Regions(found, latent, scene.length, self._slots)

    def _referred(self, conditioning: Conditioning) -> Iterator[Reference]:
        """Those of the scene, each group by how far it has come or is yet there, and those of single objects,
        which are heard in the place of the scene's."""
        direction = conditioning.direction
        groups = _groups(direction, 1.0)
        own = self._pictured(conditioning)
        if not groups and not own:
            return
        self._check_adapter()
        assert self._references is not None
        ids = conditioning.maps["object"]
        usual = self._chosen.adapter.weight if self._chosen.adapter is not None else 1.0
        weight = level(direction, REFERENCE, usual, 0, 2)
        rest = torch.from_numpy(~np.isin(ids, [thing for thing, _ in own])).float()
        masks = [(paths, rest, share * direction.strengths.get(0, 1.0)) for paths, share in groups.items()]
        masks += [
            ((path,), torch.from_numpy(ids == thing).float(), direction.strengths.get(thing, 1.0))
            for thing, path in own
        ]
        parts = self._parts
        levels = len(parts.unet.config.block_out_channels)
        for paths, mask, share in masks:
            shares = shares_of(
                mask, self._latent(ids.shape), levels, weight * share, parts.device, parts.dtype
            )
            yield self._references.heard(paths, shares)

    def _pictured(self, conditioning: Conditioning) -> list[tuple[int, str]]:
        """The objects that are seen and have pictures of their own."""
        seen = set(np.unique(conditioning.maps["object"]).tolist()) if self._chosen.references else set()
        return [
            (thing.id, self._chosen.references[thing.name])
            for thing in conditioning.objects
            if thing.id in seen and thing.name in self._chosen.references
        ]

    def _check_adapter(self) -> None:
        if self._references is not None:
            return
        if self._chosen.reference is not None:
            raise GeneratorError(
                "has not loaded its IP-Adapter, which reference pictures are heard through",
                subject=f"generator {self._chosen.name}",
                mend=f"--generator {self._chosen.name}+reference",
            )
        raise GeneratorError(
            "has no IP-Adapter: its base cannot hear reference pictures",
            subject=f"generator {self._chosen.name}",
            mend="take them away, or a preset that has one: sd15-lcm+reference or sdxl-turbo+reference",
        )

    def _latent(self, size: tuple[int, ...]) -> tuple[int, int]:
        """(height, width) of the latents of a picture."""
        factor = vae_factor(self._parts.vae)
        return (-(-size[0] // factor), -(-size[1] // factor))


def _on_the_way(direction: Direction) -> Iterator[Direction]:
    """A direction, and those that are being left for it."""
    yield direction
    while direction.leaving is not None and direction.arrived < 1.0:
        direction = direction.leaving
        yield direction


def _groups(direction: Direction, share: float) -> dict[tuple[str, ...], float]:
    """The reference pictures of the scene that are heard together, and how much."""
    here, found = share, {}
    if direction.leaving is not None and direction.arrived < 1.0:
        found = _groups(direction.leaving, share * (1.0 - direction.arrived))
        here = share * direction.arrived
    if direction.references and here > 0.0:
        found[direction.references] = found.get(direction.references, 0.0) + here
    return found


def _seeded(direction: Direction, seed: int) -> Direction:
    leaving = direction.leaving
    return replace(direction, seed=seed, leaving=None if leaving is None else _seeded(leaving, seed))
