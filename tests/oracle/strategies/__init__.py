"""Hypothesis strategies: tables of nasty data, formulas over them, and valid graphs over both."""

from oracle.strategies.case import Case, cases, graphs

__all__ = ["Case", "cases", "graphs"]
