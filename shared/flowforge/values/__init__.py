"""Distinct values of a column, for the pickers of filters."""

from flowforge.values.distinct import ValuesQuery, ValuesResponse, distinct_values

__all__ = ["ValuesQuery", "ValuesResponse", "distinct_values"]
