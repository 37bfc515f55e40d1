"""Named places where a test lets the process die, to prove that a commit survives it."""

import os
import signal

VARIABLE = "SECTIONARY_FAILPOINT"


def reach(name: str) -> None:
    """Die here, as by `kill -9`, if the environment variable SECTIONARY_FAILPOINT names this place."""
    if os.environ.get(VARIABLE) == name:
        os.kill(os.getpid(), signal.SIGKILL)
