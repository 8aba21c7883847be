"""The newest state of each changed position to ``analytics.positions``, keyed tenant/account/symbol."""

from __future__ import annotations

import logging
import time

from flowforge_pipeline.broker import BrokerLostError, Outgoing, Producer
from flowforge_pipeline.hot import latest
from flowforge_pipeline.hot.store import PositionKey, Positions
from flowforge_pipeline.messages import encode, instant_text
from flowforge_pipeline.messages.envelope import order_entity

log = logging.getLogger(__name__)

TOPIC = "analytics.positions"


def publish(producer: Producer, changed: Positions) -> None:
    """Send the states. PostgreSQL is the record: a broker that is away costs its readers this state only."""
    try:
        producer.send(TOPIC, [_message(key, changed) for key in sorted(changed)])
    except BrokerLostError as lost:
        log.warning("%s States of positions are not on %s.", lost, TOPIC)


def _message(key: PositionKey, changed: Positions) -> Outgoing:
    position = changed[key]
    entity = order_entity(*key)
    [entry] = latest.entries({key: position})
    value = encode(
        event_id=f"{TOPIC}:{entity}:{position.trade_count}",
        event_time=instant_text(position.order[0]),
        ingest_time=instant_text(time.time_ns()),
        source="/flowforge/hot",
        entity_id=entity,
        payload={
            "tenant_id": key.tenant_id,
            **entry.fields,
            "multiplier": format(position.multiplier, "f"),
        },
    )
    return Outgoing(entity.encode(), value)
