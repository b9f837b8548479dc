"""`python -m director.cli.checks NAME`: one check, its finding as a line of JSON."""

import sys

from director.cli.checks import main

if __name__ == "__main__":
    main(sys.argv[1])
