"""Named places where a test lets the process die, to prove that a commit survives it."""

import os
import signal
from collections import Counter

VARIABLE = "SECTIONARY_FAILPOINT"


_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here, as by `kill -9`, if the environment variable SECTIONARY_FAILPOINT names this place.

    It is the name, and after a colon which time it is reached: `commit.moved:3`, the first where it says none.
    """
    if wanted := os.environ.get(VARIABLE):
        _reached[name] += 1
        if wanted in (f"{name}:{_reached[name]}", name):
            os.kill(os.getpid(), signal.SIGKILL)
