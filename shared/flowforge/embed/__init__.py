"""Widgets in other people's pages: keys for hosts, tokens for frames.

What a key or token opens is proven by ``flowforge.auth.embed``; the rows come from ``flowforge.widgets``.
"""

from flowforge.embed.keys import create_key, list_keys, read_key, revoke_key
from flowforge.embed.tokens import issue_token

__all__ = ["create_key", "issue_token", "list_keys", "read_key", "revoke_key"]
