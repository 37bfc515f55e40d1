"""The release, said once: the package, the records and the User-Agent carry it."""

VERSION = "0.1.0"
