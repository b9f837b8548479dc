"""The embedded generator as diffusers classes: a model with its config, and a one-step scheduler.

Used to train and to save. The folder that `save_pretrained` writes is what the backend reads; it does so
without importing diffusers, which would double the time until the first picture.
"""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers.configuration_utils import ConfigMixin, register_to_config
from diffusers.models.modeling_utils import ModelMixin
from diffusers.schedulers.scheduling_utils import SchedulerMixin, SchedulerOutput
from torch import Tensor, nn

from director.generate.embedded.network import Network

__all__ = ["EmbeddedModel", "OneStepScheduler", "save_generator"]


class EmbeddedModel(ModelMixin, Network, ConfigMixin):  # type: ignore[misc]
    """Network as a diffusers model: `save_pretrained`, `from_pretrained`, `config`."""

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(
        self,
        pixel_width: int = 40,
        widths: tuple[int, int, int] = (48, 96, 128),
        up_width: int = 16,
        late_width: int = 32,
        table_width: int = 128,
        scene_width: int = 96,
    ) -> None:
        # ModelMixin's own would call Network's without arguments; it only sets this.
        Network.__init__(self, pixel_width, widths, up_width, late_width, table_width, scene_width)
        self._gradient_checkpointing_func = None


class OneStepScheduler(SchedulerMixin, ConfigMixin):  # type: ignore[misc]
    """For a model that predicts the finished sample at once: one timestep, whose step is the prediction."""

    order = 1

    @register_to_config  # type: ignore[untyped-decorator]
    def __init__(self, prediction_type: str = "sample", num_train_timesteps: int = 1) -> None:
        self.timesteps = torch.zeros(1, dtype=torch.int64)

    def set_timesteps(self, num_inference_steps: int, device: str | torch.device | None = None) -> None:
        """Raises ValueError for more than the one step it was trained for."""
        if num_inference_steps != 1:
            raise ValueError(f"trained for one step, not {num_inference_steps}: give a larger size instead")
        self.timesteps = torch.zeros(1, dtype=torch.int64, device=device)

    def step(self, model_output: Tensor, timestep: int, sample: Tensor | None = None) -> SchedulerOutput:
        """The prediction is the sample."""
        return SchedulerOutput(prev_sample=model_output)


def save_generator(model: EmbeddedModel, folder: Path) -> None:
    """Write model and scheduler as diffusers lays out a pipeline, half-precision safetensors."""
    half: Any = type(model).from_config(model.config)
    half.load_state_dict(model.state_dict())
    # Module's own `to`: ModelMixin's warns of layers to be kept in float32, of which there are none.
    nn.Module.to(half, torch.float16)
    half.save_pretrained(folder / "network", safe_serialization=True)
    OneStepScheduler().save_pretrained(folder / "scheduler")
    index = {
        "_class_name": "EmbeddedGenerator",
        "network": ["director.generate.embedded.model", type(model).__name__],
        "scheduler": ["director.generate.embedded.model", "OneStepScheduler"],
    }
    (folder / "model_index.json").write_text(json.dumps(index, indent=2) + "\n", encoding="utf-8")
