"""The peers: installed from PyPI into an environment of their own, asked over a pipe."""

from bench.peers.environment import PeerError, Peers

__all__ = ["PeerError", "Peers"]
