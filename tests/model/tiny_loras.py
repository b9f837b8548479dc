"""LoRAs of a tiny model with random weights, as PEFT and diffusers save them, and as kohya's scripts do."""

import copy
from pathlib import Path
from typing import Any

import torch
from diffusers import StableDiffusionPipeline, StableDiffusionXLPipeline
from peft import LoraConfig
from peft.utils import get_peft_model_state_dict
from safetensors.torch import load_file, save_file

__all__ = ["save_kohya", "save_lora"]

_RANK = 3
_UNET = ["to_q", "to_k", "to_v", "to_out.0", "ff.net.0.proj", "proj_in", "conv1"]
_TEXT = ["q_proj", "v_proj", "out_proj", "fc1"]


def save_lora(folder: Path, parts: Any, seed: int, alpha: int = 5, words: bool = True) -> Path:
    """Of the U-Net and, with `words`, of the text encoders. Returns the file, whose notes tell the alpha."""
    torch.manual_seed(seed)
    layers = {"unet_lora_layers": (parts.unet, _UNET)}
    if words:
        for i, encoder in enumerate(parts.text_encoders):
            layers[f"text_encoder{'_2' if i else ''}_lora_layers"] = (encoder, _TEXT)
    states: dict[str, Any] = {}
    for name, (model, targets) in layers.items():
        own = copy.deepcopy(model)
        config = LoraConfig(r=_RANK, lora_alpha=alpha, target_modules=targets, init_lora_weights=False)
        own.add_adapter(config)
        states[name] = get_peft_model_state_dict(own, save_embedding_layers=False)
        metadata = own.peft_config["default"].to_dict()
        metadata["target_modules"] = list(metadata["target_modules"])
        states[name.replace("layers", "adapter_metadata")] = metadata
    kind: Any = StableDiffusionXLPipeline if parts.is_xl else StableDiffusionPipeline
    kind.save_lora_weights(folder, **states)
    return folder / "pytorch_lora_weights.safetensors"


def save_kohya(file: Path, of: Path, alpha: float) -> Path:
    """The same LoRA with kohya's names, and its alpha as tensors."""
    found: dict[str, torch.Tensor] = {}
    names = {"unet": "lora_unet", "text_encoder": "lora_te", "text_encoder_2": "lora_te2"}
    for key, value in load_file(of).items():
        part, _, rest = key.partition(".")
        layer = rest.split(".lora")[0]
        side = "lora_down" if ".lora_A" in rest or ".down" in rest else "lora_up"
        prefix = names[part]
        if part == "text_encoder" and any(other.startswith("text_encoder_2") for other in load_file(of)):
            prefix = "lora_te1"
        if part != "unet" and not layer.startswith("text_model."):
            layer = f"text_model.{layer}"
        name = f"{prefix}_{layer.replace('.', '_')}"
        found[f"{name}.{side}.weight"] = value.contiguous()
        found[f"{name}.alpha"] = torch.tensor(alpha)
    save_file(found, file)
    return file
