"""Bytes and rules in, Article out: pure, without network or state."""
