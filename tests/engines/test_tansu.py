"""The broker engine: ready when it answers, a new epoch with each start."""

from __future__ import annotations

from pathlib import Path

import pytest

from flowforge_local.engines import BROKER
from flowforge_local.engines.ports import read_ports
from flowforge_local.engines.testing import start
from flowforge_pipeline.broker import Cluster

pytestmark = pytest.mark.engines


def test_each_start_is_a_new_epoch_without_topics(tmp_path: Path) -> None:
    epochs = []
    for _ in range(2):
        engine = start(tmp_path / "home", (BROKER,))["tansu"]
        try:
            cluster = Cluster(f"127.0.0.1:{read_ports(tmp_path / 'home')['tansu']}")
            epochs.append(cluster.epoch())
            assert cluster.partitions() == {}
            cluster.ensure(["one", "two"])
            assert cluster.partitions() == {"one": 1, "two": 1}
        finally:
            engine.stop()
    assert len(set(epochs)) == 2
