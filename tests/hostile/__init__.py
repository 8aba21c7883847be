"""Hostile text for every setting of every node type: what it is, where it goes, what may come of it."""
