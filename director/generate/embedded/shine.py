"""What polished surfaces reflect: the sky where they see it, else the light about them, and the sun.

Only of pixels that shine: metal, glass, glaze. As shaders/teacher has it, with what is about a surface taken
from a very coarse picture instead of being looked for along the ray.
"""

from dataclasses import dataclass
from typing import Final

import torch
from torch import Tensor
from torch.nn import functional

from director.generate.embedded.atmosphere import Atmosphere
from director.generate.embedded.features import FACING, HALF_FOURTH, MIRRORED_UP
from director.generate.embedded.look import MATERIAL
from director.generate.embedded.tones import enlarged, soft_step

__all__ = ["Shine"]

_GLOSS: Final = MATERIAL.index("gloss")
_METAL: Final = MATERIAL.index("metal")
# Duller dielectrics reflect so little that it is left to the network.
_LEAST_GLOSS: Final = 0.45
_LEAST_METAL: Final = 0.05
_ZENITH, _HORIZON = 1, 2  # of Atmosphere.seen
_AROUND_PX: Final = 32


@dataclass(frozen=True, slots=True, eq=False)
class Shine:
    """Of the pixels `at` of a batch, flattened: how metallic, how smooth, and what they see."""

    at: Tensor
    metal: Tensor
    smooth: Tensor
    facing: Tensor
    up: Tensor
    half: Tensor
    sun: Tensor
    open: Tensor
    clear: Tensor
    air: Atmosphere

    @classmethod
    def of(
        cls,
        rows: Tensor,
        ids: Tensor,
        pane: Tensor,
        features: Tensor,
        sun: Tensor,
        open_share: Tensor,
        clear: Tensor,
        air: Atmosphere,
    ) -> "Shine | None":
        """From rows [b, n, PIECE], ids numbered through, and planes [b, h, w]; None where nothing shines."""
        gloss, metal = rows[..., _GLOSS].flatten(), rows[..., _METAL].flatten()
        polished = (gloss > _LEAST_GLOSS) | (metal > _LEAST_METAL)
        flat = ids.flatten()
        glass = pane.flatten()
        at = (polished[flat] | (glass > 0.5)).nonzero().squeeze(1)
        if not len(at):
            return None
        row, glass = flat[at], glass[at]

        def feature(place: int) -> Tensor:
            return features[..., place].flatten()[at].float()

        return cls(
            at,
            metal[row] * (1.0 - glass),
            torch.lerp(gloss[row], torch.full_like(glass, 0.94), glass),
            feature(FACING).clamp(0.0, 1.0),
            feature(MIRRORED_UP),
            feature(HALF_FOURTH),
            sun.flatten()[at],
            (open_share.flatten()[at] * 1.6).clamp_max(1.0),
            clear.flatten()[at],
            air,
        )

    def less(self, colour: Tensor) -> Tensor:
        """Colours [b, 3, h, w] without what metals do not scatter."""
        pixels = colour.transpose(0, 1).reshape(3, -1)
        kept = pixels[:, self.at] * (1.0 - 0.95 * self.metal)
        return pixels.index_copy(1, self.at, kept).view(3, -1, *colour.shape[2:]).transpose(0, 1)

    def added(self, light: Tensor, colour: Tensor) -> Tensor:
        """Light [b, 3, h, w] with the reflections of surfaces of such colours."""
        batch, _, height, width = light.shape
        number = torch.div(self.at, height * width, rounding_mode="floor")
        own = colour.transpose(0, 1).reshape(3, -1)[:, self.at]
        plain = 0.045 * soft_step(self.smooth * 2.0)
        specular = torch.lerp(plain.expand_as(own), own, self.metal)
        strongest = specular.amax(0)
        grazing = (self.smooth - specular).clamp_min(0.0) * (1.0 - self.facing) ** 5
        share = specular + grazing * soft_step((strongest - 0.02) / 0.025)
        seen = self.air.seen[number].permute(1, 2, 0)
        high = self.up.clamp(0.0, 1.0).sqrt()
        sky = torch.lerp(seen[_HORIZON], seen[_ZENITH], high)
        coarse = functional.avg_pool2d(light.detach(), _AROUND_PX * enlarged(height), ceil_mode=True)
        around = functional.interpolate(coarse, size=(height, width), mode="bilinear", align_corners=False)
        around = around.transpose(0, 1).reshape(3, -1)[:, self.at].clamp_max(3.0)
        around = around * (0.8 + 0.35 * soft_step((self.up + 0.5) / 1.3))
        env = torch.lerp(around, sky, self.open * soft_step((self.up + 0.25) / 0.3))
        rough = 1.0 - self.smooth
        mean = self.air.lights[number, 1].t() * (0.5 + 0.5 * self.open)
        env = torch.lerp(env, 0.5 * (sky + mean), 0.6 * soft_step((rough - 0.5) / 0.4))
        power = 2.0 / (rough**4).clamp_min(0.02)
        lobe = ((power + 8.0) / 25.0 * self.half.clamp_min(1e-4) ** (0.25 * power)).clamp_max(30.0)
        glint = specular * (lobe * self.sun) * self.air.lights[number, 0].t()
        pixels = light.transpose(0, 1).reshape(3, -1)
        pixels = pixels.index_add(1, self.at, (share * env + glint) * self.clear)
        return pixels.view(3, batch, height, width).transpose(0, 1)
