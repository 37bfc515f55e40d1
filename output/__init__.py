"""Articles in, an immutable dataset of records out."""
