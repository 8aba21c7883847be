"""The local mesh: one machine's stand-in for Knative Serving, reading the cluster's own manifests.

    manifests/   the YAML, admitted by the rules a live cluster applies (and some it forgets)
    routing      METHOD + path template → Service; most literal segments win
    revision     the instances of one Service: start on demand, queue, drain
    autoscaler   average concurrency → number of instances
    proxy        one request to one instance, streaming both ways
    gateway      everything behind the public port
    admin        `flowforge ps`, on the next port, for the owner of the home only

The broker and its triggers will join as a second reader of ``manifests`` and a route of ``admin``:
its ingress is ``POST /flowforge/default`` there, and ``K_SINK`` of every function.
"""
