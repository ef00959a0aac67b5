"""`python -m demo`: the life of one SEE. See `demo.starting` for how it ends."""

import sys

from demo.starting import run

if __name__ == "__main__":
    sys.exit(run("demo.life"))
