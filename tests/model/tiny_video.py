"""A WanVACEPipeline of the real classes at tiny sizes, seeded, saved as diffusers saves one."""

import json
from pathlib import Path
from typing import Any

import torch
from diffusers import (
    AutoencoderKLWan,
    UniPCMultistepScheduler,
    WanVACEPipeline,
    WanVACETransformer3DModel,
)
from tokenizers import Tokenizer, models, pre_tokenizers, processors
from transformers import PreTrainedTokenizerFast, UMT5Config, UMT5EncoderModel

__all__ = ["tiny_video", "tiny_video_folder"]

_Vae: Any = AutoencoderKLWan
_Transformer: Any = WanVACETransformer3DModel
_Scheduler: Any = UniPCMultistepScheduler
_Pipeline: Any = WanVACEPipeline


def tiny_video() -> Any:
    """Its autoencoder squeezes 8 × 8 pixels and 4 frames, as the real one does."""
    torch.manual_seed(0)
    vae = _Vae(
        base_dim=3, z_dim=16, dim_mult=[1, 1, 1, 1], num_res_blocks=1, temperal_downsample=[False, True, True]
    )
    transformer = _Transformer(
        patch_size=(1, 2, 2),
        num_attention_heads=2,
        attention_head_dim=12,
        in_channels=16,
        out_channels=16,
        text_dim=32,
        freq_dim=64,
        ffn_dim=32,
        num_layers=3,
        cross_attn_norm=True,
        qk_norm="rms_norm_across_heads",
        rope_max_seq_len=64,
        vace_layers=[0, 2],
        vace_in_channels=96,
    )
    # What a fresh one says of its control is nothing; a taught one's is heard.
    for block in transformer.vace_blocks:
        torch.nn.init.normal_(block.proj_out.weight, std=0.2)
    scheduler = _Scheduler(prediction_type="flow_prediction", use_flow_sigmas=True, flow_shift=3.0)
    text = UMT5EncoderModel(
        UMT5Config(vocab_size=64, d_model=32, d_kv=8, d_ff=32, num_layers=2, num_heads=2, pad_token_id=0)
    )
    for model in (vae, transformer, text):
        model.eval().requires_grad_(False)
    return _Pipeline(
        tokenizer=_tokenizer(), text_encoder=text, vae=vae, scheduler=scheduler, transformer=transformer
    )


def tiny_video_folder(folder: Path, **own: object) -> Path:
    """Saved, with what its own settings say."""
    tiny_video().save_pretrained(folder)
    usual = {"frames": 9, "overlap": 5, "steps": 2, "guidance": 2.0, "size": [64, 64]}
    (folder / "director.json").write_text(json.dumps({**usual, **own}))
    return folder


def _tokenizer() -> Any:
    letters = [(letter, -3.0) for letter in "abcdefghijklmnopqrstuvwxyz,.▁"]
    made = Tokenizer(models.Unigram([("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *letters], unk_id=2))
    made.pre_tokenizer = pre_tokenizers.Metaspace()
    made.post_processor = processors.TemplateProcessing(single="$A </s>", special_tokens=[("</s>", 1)])
    kind: Any = PreTrainedTokenizerFast
    return kind(
        tokenizer_object=made, pad_token="<pad>", eos_token="</s>", unk_token="<unk>", model_max_length=512
    )
