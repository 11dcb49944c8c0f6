"""Faults on every side, and a count of what became of each interaction."""
