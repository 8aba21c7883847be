"""Who announces a change and who hears of it agree on which tables change with it."""

from __future__ import annotations

from flowforge.schema.declared import DECLARED
from flowforge.schema.rollups import WRITTEN_WITH
from flowforge_pipeline.loading.together import BY_COMMANDS, BY_FLOWS, BY_VIEWS


def test_pipeline_and_application_know_the_same_views() -> None:
    assert BY_VIEWS == WRITTEN_WITH


def test_tables_that_change_together_are_tables_that_can_be_read() -> None:
    named = {
        table
        for together in (BY_COMMANDS, BY_FLOWS)
        for base, others in together.items()
        for table in (base, *others)
    }
    assert named <= DECLARED.keys()
