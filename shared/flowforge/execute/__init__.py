"""A workflow's result: page by page, as a whole in CSV or Arrow, or kept (``executions``)."""

from flowforge.execute.execute import ExecuteRequest, ExecuteResponse, page, whole

__all__ = ["ExecuteRequest", "ExecuteResponse", "page", "whole"]
