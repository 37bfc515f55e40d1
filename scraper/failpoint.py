"""Named places where a test lets the process die or the disk fail, to prove that a run survives it.

SECTIONARY_FAILPOINT names a place, the how manieth time it is reached, and what happens there:
"archive.sync", "archive.sync:3", "archive.write:2=ENOSPC". Without an error's name the process dies.
"""

import errno
import os
import signal
from collections import Counter

VARIABLE = "SECTIONARY_FAILPOINT"
_reached: Counter[str] = Counter()


def reach(name: str) -> None:
    """Die here as by `kill -9`, or raise OSError, if the environment says so."""
    asked = os.environ.get(VARIABLE)
    if not asked or not asked.startswith(name):
        return
    place, _, failure = asked.partition("=")
    place, _, time = place.partition(":")
    if place != name:
        return
    _reached[name] += 1
    if _reached[name] != int(time or 1):
        return
    if failure:
        code = getattr(errno, failure)
        raise OSError(code, os.strerror(code))
    os.kill(os.getpid(), signal.SIGKILL)
