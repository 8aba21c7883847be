"""Formulas evaluated row by row: text → tree (``parse``) → typed term (``term``, ``functions``)."""

from oracle.formula.compile import Formula, compile_formula

__all__ = ["Formula", "compile_formula"]
