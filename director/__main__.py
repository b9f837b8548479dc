"""`python -m director`: the same as the command `director`."""

from director.cli.main import main

if __name__ == "__main__":
    raise SystemExit(main())
