"""torch, and the device that it would draw on."""

import os

from director.cli.checks import Finding

MEND = "pip install torch, as https://pytorch.org/get-started/locally says for this machine"


def run() -> Finding:
    """Imports it and adds two numbers on its device."""
    import torch

    device = "cpu"
    if torch.cuda.is_available():
        device = "cuda"
    elif torch.backends.mps.is_available():
        device = "mps"
    total = float((torch.ones(1, device=device) + 1).cpu())
    name = torch.cuda.get_device_name() if device == "cuda" else f"{os.cpu_count()} cores"
    return Finding(
        total == 2.0, f"torch {torch.__version__} on {device}, {name}", "" if total == 2.0 else MEND
    )
