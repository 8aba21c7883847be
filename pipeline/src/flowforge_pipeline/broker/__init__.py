"""The Kafka-compatible broker: Redpanda in the cluster, Tansu on one machine.

cluster        where it is, its epoch, its topics
producer       send many, return when all are acknowledged
durable        send from a source that can repeat itself: again what a broker has lost
reading        what both readers share: consecutive messages of one epoch
consumer       read a topic that the normaliser writes; each message once
confirmations  how far each consumer has stored what it read, for others to see

**Epochs.** Tansu keeps its topics in memory: one that was restarted has lost them, and offsets begin at 0
again. Each start has a new cluster id, which is the *epoch*. An offset means something in its epoch only,
so positions are kept as (epoch, offset), and both readers and writers verify that nothing they were
told belongs to another epoch. Redpanda's cluster id never changes: there it is always the same epoch.

**Nothing is lost with the memory.** Sources that can repeat themselves keep what the normaliser has not yet
taken and send it again. What it has taken is in its journal on disk, under a number per topic and
partition (*seq*, in a header) that does not depend on the epoch, and is published again until every
consumer has confirmed it.
"""

from flowforge_pipeline.broker.cluster import Cluster, address
from flowforge_pipeline.broker.confirmations import Confirmations
from flowforge_pipeline.broker.consumer import Consumer, Piece
from flowforge_pipeline.broker.position import Position
from flowforge_pipeline.broker.problems import BrokerLostError
from flowforge_pipeline.broker.producer import Outgoing, Producer, Receipt

__all__ = [
    "BrokerLostError",
    "Cluster",
    "Confirmations",
    "Consumer",
    "Outgoing",
    "Piece",
    "Position",
    "Producer",
    "Receipt",
    "address",
]
