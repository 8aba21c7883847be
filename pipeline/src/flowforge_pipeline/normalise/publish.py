"""From the journal to the broker, in the order of the numbers; and how far back the journal reaches."""

from __future__ import annotations

import logging
from collections.abc import Sequence

from flowforge_pipeline.broker import BrokerLostError, Confirmations, Outgoing, Position, Producer
from flowforge_pipeline.broker.consumer import SEQ
from flowforge_pipeline.normalise.journal import Journal

KEPT = 50_000
"""So many of the newest messages of a topic stay in the journal, whoever has confirmed them: a consumer that
never confirms still finds them in the next epoch."""
SELF = "normalise"
"""Name under which the normaliser confirms the raw topics."""

log = logging.getLogger(__name__)


class Publisher:
    """Sends what the journal holds to partition 0, which the key does not choose: the number is the topic's."""

    def __init__(self, journal: Journal, producer: Producer, topics: Sequence[str]) -> None:
        self._journal = journal
        self._producer = producer
        self._topics = topics
        self._confirmations = Confirmations()

    def begin(self, epoch: str) -> None:
        """In a new epoch every topic begins with what some consumer has not confirmed."""
        for topic in self._topics:
            known, _ = self._journal.published(topic)
            if known != epoch:
                needed = self._needed(topic)
                log.info("%s is published from message %d on in epoch %s.", topic, needed, epoch)
                with self._journal.batch():
                    self._journal.publish_to(topic, epoch, needed)

    def publish(self, epoch: str) -> None:
        """Send what was not acknowledged in this epoch; BrokerLostError where it is over."""
        for topic in self._topics:
            _, next_seq = self._journal.published(topic)
            if next_seq >= self._journal.head(topic):
                continue
            for block in self._journal.blocks(topic, next_seq):
                messages = (
                    Outgoing(key, value, [(SEQ, str(seq))], 0)
                    for seq, (key, value) in enumerate(block.lines, block.first)
                )
                receipt = self._producer.send(topic, messages, epoch)
                if receipt.epoch != epoch:
                    raise BrokerLostError("The broker was restarted.")
                next_seq = block.first + len(block.lines)
                with self._journal.batch():
                    self._journal.publish_to(topic, epoch, next_seq)

    def tell_heads(self, epoch: str) -> None:
        """Say up to which number there are messages, published or not yet.

        Before the raw topics are confirmed: whoever sent the last raw message, and is told that it was taken,
        knows from here what the consumers still have to store.
        """
        for topic in self._topics:
            last = self._journal.last(topic)
            if last is not None:
                self._confirmations.tell_head(topic, Position(epoch, 0, last))

    def trim(self) -> None:
        """Forget what every consumer has confirmed."""
        with self._journal.batch():
            for topic in self._topics:
                self._journal.trim(topic, self._needed(topic))
            for topic, first, last in self._journal.give_up():
                log.error("The journal is full: messages %d to %d of %s are given up.", first, last, topic)

    def _needed(self, topic: str) -> int:
        """Number of the first message that somebody may still need."""
        known = self._confirmations.asked(topic)
        if known is None:
            return 0
        confirmed = [position.seq + 1 for position in known.values()]
        return max(0, min([self._journal.head(topic) - KEPT, *confirmed]))
