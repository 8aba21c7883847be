"""The peers: installed from PyPI into an environment of their own, asked over a pipe."""

from bench.peers.environment import Peers, PeerError

__all__ = ["PeerError", "Peers"]
