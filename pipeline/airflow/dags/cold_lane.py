"""The cold lane on a schedule: freshness of the sources, seeds, models, tests – then the marts are news to readers.

Every task runs ``python -m flowforge_pipeline dbt …`` in FlowForge's environment, which announces what it wrote.
``FLOWFORGE_PYTHON`` is that Python; the stores' addresses come from the worker's environment. The schedule is
``FLOWFORGE_COLD_SCHEDULE``, daily at 06:00 UTC unless given: after the newest session of the Americas, before
Europe opens. Failures, and runs that take longer than expected, are told to the broker (``flowforge_callbacks``).
"""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta

from airflow.providers.standard.operators.bash import BashOperator
from airflow.sdk import DAG
from flowforge_callbacks import failed

SCHEDULE = os.environ.get("FLOWFORGE_COLD_SCHEDULE", "0 6 * * *")
PYTHON = os.environ.get("FLOWFORGE_PYTHON", "python")
EXPECTED_WITHIN = timedelta(minutes=30)
"""A task that takes longer is killed, and fails like any other: the next run does what it left undone."""

with DAG(
    dag_id="cold_lane",
    description="dbt: from the tape and the fills to the marts",
    schedule=SCHEDULE,
    start_date=datetime(2024, 1, 1, tzinfo=UTC),
    catchup=False,
    max_active_runs=1,  # dbt replaces partitions: two runs at once would undo each other
    dagrun_timeout=timedelta(hours=2),
    default_args={
        "owner": "flowforge",
        "retries": 2,
        "retry_delay": timedelta(minutes=1),
        "retry_exponential_backoff": True,
        "max_retry_delay": timedelta(minutes=10),
        "execution_timeout": EXPECTED_WITHIN,
        "on_failure_callback": failed,
    },
    on_failure_callback=failed,
    tags=["cold-lane", "dbt"],
    doc_md=__doc__,
) as dag:

    def dbt(task_id: str, arguments: str) -> BashOperator:
        """A task that runs dbt."""
        return BashOperator(
            task_id=task_id,
            bash_command=f'"$FLOWFORGE_PYTHON" -m flowforge_pipeline dbt {arguments}',
            env={"FLOWFORGE_PYTHON": PYTHON},
            append_env=True,
        )

    freshness = dbt("source_freshness", "source freshness")
    seed = dbt("dbt_seed", "seed")
    run = dbt("dbt_run", "run")
    test = dbt("dbt_test", "test")

    freshness >> seed >> run >> test
