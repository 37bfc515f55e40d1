"""Compiled: loaded by the server that forks cleaning processes, so that each has the rules of all sites from its start.

To read and compile them takes a quarter of a second, which every process would spend anew, one after a kill included.
"""

from sectionary.cleaners.rules import rules_version
from sectionary.worker import NO_RULES

rules_version(NO_RULES)
