"""A workflow's result: page by page, or as a whole in CSV or Arrow."""

from flowforge.execute.execute import ExecuteRequest, ExecuteResponse, page, whole

__all__ = ["ExecuteRequest", "ExecuteResponse", "page", "whole"]
