"""Compiles the embedded generator's formulas ahead of its first picture.

python -m director.generate.embedded.compiled
"""

from director.generate.backends.embedded import Embedded
from director.generate.protocol import GeneratorSettings


def main() -> None:
    """Load the generator once, as whoever draws with it does."""
    made = Embedded(GeneratorSettings())
    made.load(lambda share, words: None)
    made.close()


if __name__ == "__main__":
    main()
