"""Recompute a window of a derived table from raw: recorded, verified, and safe to repeat.

``tables`` says what each table's rows are, as queries over raw; ``replace`` and ``run`` put them in place.
"""
