"""The generator's formulas for every pixel, compiled for the processor: optional, and several times as fast.

Torch takes a pass over the whole picture for each sum and product. Here the same Python functions are run
once on symbols instead of tensors (symbols.py); what they did is written down as one loop over the pixels
(source.py), which Numba compiles for the processor at hand (build.py). So each formula stands in one place,
whoever computes it.
"""
