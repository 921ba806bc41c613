"""Entry of `python -m app`; the console script calls the same function."""

import sys

from app.cli import main

if __name__ == "__main__":
    sys.exit(main())
