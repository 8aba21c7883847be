"""What can go wrong between a client and the broker."""

from __future__ import annotations

from flowforge_pipeline.problems import PipelineError


class BrokerLostError(PipelineError):
    """The broker does not answer, or another epoch answers: what was under way is not known to be kept.

    Whoever sees it goes back to what is known to be stored and does the rest again.
    """
