"""Compiles the loops of the passes and of the live picture ahead of their first use.

python -m director.composite.kernels
"""

from director.composite.kernels import prepare

if __name__ == "__main__":
    prepare(print)
