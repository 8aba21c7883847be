"""What a graph compiles to, without running it: SQL, schemas, lineage, and why nodes merged or not."""

from flowforge.explain.compilation import CompileRequest, CompileResponse, explain
from flowforge.explain.estimate import EstimateRequest, EstimateResponse, estimated
from flowforge.explain.validation import ValidateRequest, ValidateResponse, validate

__all__ = [
    "CompileRequest",
    "CompileResponse",
    "EstimateRequest",
    "EstimateResponse",
    "ValidateRequest",
    "ValidateResponse",
    "estimated",
    "explain",
    "validate",
]
