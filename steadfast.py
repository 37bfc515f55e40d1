"""Steadfast: loaded first by the server that forks cleaning processes, so that a SIGTERM to the whole group spares it.

Its processes count as dead when it is: they report through it. It ends by itself with the process it serves.
"""

import signal

signal.signal(signal.SIGTERM, signal.SIG_IGN)
