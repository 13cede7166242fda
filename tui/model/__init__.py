"""Frozen records of what an engine stores, and pure functions over them. Standard library only."""
