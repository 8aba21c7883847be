"""A small client for Redis and Valkey: one connection, on which concurrent commands share round trips.

    client = connect(timeout_seconds)             nothing is opened before the first command
    await client("SET", key, value, "EX", 60)     the reply as bytes, int, list or None
    await client.run(script, [key], argument)     a Lua script, sent once and then named by its digest
    await client.all([("HGETALL", key), …])       several replies in one round trip
    BestEffort(client, "what happens without")    None instead of an exception while the server is away

What a cached answer needs of a server is two commands. A general client costs more for those than the server, the
network and our own code together, and its import as much as a third of a cold start.
"""

from hiredis import ReplyError

from flowforge.stores.resp.best_effort import BestEffort
from flowforge.stores.resp.client import FAILURES, Client, Script, connect

__all__ = ["FAILURES", "BestEffort", "Client", "ReplyError", "Script", "connect"]
