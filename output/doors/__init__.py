"""Doors: what lies beside a dataset's files so that people and tools find their way in."""
