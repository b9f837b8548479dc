"""Which weights of a video model are on this machine; they come as those of the streams do."""

from director.generate.diffusion.downloads import Need
from director.generate.video.preset import VideoPreset

__all__ = ["video_needs"]

_PARTS = ("transformer", "vae", "text_encoder")
_SMALL_PARTS = ("scheduler", "tokenizer")


def video_needs(chosen: VideoPreset) -> tuple[Need, ...]:
    """All that a preset is made of: one source, whose large parts lie in several files each."""
    patterns = (
        "model_index.json",
        *(f"{part}/*{suffix}" for part in _PARTS for suffix in (".json", ".safetensors")),
        *(f"{part}/*" for part in _SMALL_PARTS),
    )
    probes = (
        "model_index.json",
        *(f"{part}/config.json" for part in _PARTS),
        "scheduler/scheduler_config.json",
    )
    return (Need("model", chosen.base, patterns, probes),)
