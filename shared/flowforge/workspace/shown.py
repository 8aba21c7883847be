"""Who shows a workflow: widgets on dashboards, and the embed keys that open them."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import select

from flowforge.metadata.session import transaction
from flowforge.metadata.tables import Dashboard, EmbedKey, EmbedKeyWidget, Widget
from flowforge.records import dataclass


@dataclass(frozen=True, slots=True)
class ShownWidget:
    """A widget with the name of its dashboard."""

    id: UUID
    dashboard_id: UUID
    dashboard_name: str
    output_node_id: str
    widget_type: str
    config: dict[str, Any]


@dataclass(frozen=True, slots=True)
class ShownKey:
    """An embed key with those of its widgets that show the workflow."""

    id: UUID
    name: str
    locked_filters: list[dict[str, Any]]
    widget_ids: frozenset[UUID]


async def shown_by(tenant_id: str, workflow_id: UUID) -> tuple[Sequence[ShownWidget], Sequence[ShownKey]]:
    """Widgets of the workflow, by dashboard and age, and the keys that open some of them."""
    async with transaction() as session:
        found = await session.execute(
            select(Widget, Dashboard.name)
            .join(
                Dashboard, (Dashboard.tenant_id == Widget.tenant_id) & (Dashboard.id == Widget.dashboard_id)
            )
            .where(Widget.tenant_id == tenant_id, Widget.workflow_id == workflow_id)
            .order_by(Dashboard.created_at, Dashboard.id, Widget.created_at, Widget.id)
        )
        widgets = [
            ShownWidget(each.id, each.dashboard_id, name, each.output_node_id, each.widget_type, each.config)
            for each, name in found
        ]
        opened = await session.execute(
            select(EmbedKey, EmbedKeyWidget.widget_id)
            .join(
                EmbedKeyWidget,
                (EmbedKeyWidget.tenant_id == EmbedKey.tenant_id) & (EmbedKeyWidget.key_id == EmbedKey.id),
            )
            .where(
                EmbedKey.tenant_id == tenant_id,
                EmbedKeyWidget.widget_id.in_([widget.id for widget in widgets]),
            )
            .order_by(EmbedKey.created_at, EmbedKey.id)
        )
        keys: dict[UUID, tuple[EmbedKey, set[UUID]]] = {}
        for key, widget_id in opened:
            keys.setdefault(key.id, (key, set()))[1].add(widget_id)
    return widgets, [
        ShownKey(key.id, key.name, key.locked_filters, frozenset(widget_ids))
        for key, widget_ids in keys.values()
    ]
