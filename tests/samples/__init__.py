"""A small catalogue of trades in every protection and store, and chains of nodes over it."""

from samples.catalogue import CATALOGUE, EVERYONE, FIRM, LIVE, NOBODY, TRADES, VIEW
from samples.chains import Step, chain, compiled

__all__ = [
    "CATALOGUE",
    "EVERYONE",
    "FIRM",
    "LIVE",
    "NOBODY",
    "TRADES",
    "VIEW",
    "Step",
    "chain",
    "compiled",
]
