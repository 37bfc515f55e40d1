"""Named places where a test lets the process die, to prove that a commit survives it."""

from sectionary.scraper.failpoint import VARIABLE, reach

__all__ = ["VARIABLE", "reach"]
