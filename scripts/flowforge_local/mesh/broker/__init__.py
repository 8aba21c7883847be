"""Knative Eventing's Broker on one machine, on Redis Streams.

message      an event as attributes and bytes, by the HTTP protocol binding
log          the streams: events, groups, dead letters, trimming
ingress      POST /flowforge/<broker>
dispatcher   one Trigger: filter, deliver, retry, settle
subscriber   one delivery, and what its answer means
broker       all of it together
"""

from flowforge_local.mesh.broker.broker import Brokers, Mesh

__all__ = ["Brokers", "Mesh"]
