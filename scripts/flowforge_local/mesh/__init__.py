"""The local mesh: one machine's stand-in for Knative Serving, reading the cluster's own manifests.

manifests/   the YAML, admitted by the rules a live cluster applies (and some it forgets)
routing      METHOD + path template → Service; most literal segments win
revision     the instances of one Service: start on demand, queue, drain
autoscaler   average concurrency → number of instances
proxy        one request to one instance, streaming both ways
gateway      everything behind the public port
broker/      events: taken at ``K_SINK``, filtered by Triggers, delivered to functions
admin        `flowforge ps` and the broker's ingress, on the next port, for this machine only
"""
