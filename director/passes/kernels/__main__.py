"""Compiles the loops of the passes ahead of their first picture.

python -m director.passes.kernels
"""

from director.passes.kernels import prepare

if __name__ == "__main__":
    prepare(print)
