"""The release, said once: the package, the records and the User-Agent carry it."""

PRODUCT = "sectionary"                   # the product token, in the User-Agent and towards robots.txt
VERSION = "0.1.0"
