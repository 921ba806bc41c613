"""A program that writes a file: `python -m tests.services.writer FILE BYTES`."""

import sys

if __name__ == "__main__":
    with open(sys.argv[1], "wb", buffering=0) as file:
        left = int(sys.argv[2])
        while left:
            left -= file.write(bytes(min(left, 10_000)))
