"""Sample data for a new home: real daily bars, reference data, and synthetic trades and quotes."""

from flowforge_pipeline.seed.run import run

__all__ = ["run"]
