"""Rows of several stores brought together in memory: relations evaluated with Polars, exactly.

Whatever a single SQL store can do stays there (``compiler.split``); this is for what is left. Every
value is the one that SQL would give: what cannot be done exactly is refused by name.
"""
