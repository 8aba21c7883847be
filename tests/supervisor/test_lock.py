"""One owner per home."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from flowforge_local.supervisor.lock import FILE, HomeInUseError, own, owner


def hold(home: Path) -> subprocess.Popen[str]:
    """Another process that owns the home until it is killed."""
    code = (
        "import sys, time, pathlib; from flowforge_local.supervisor.lock import own\n"
        "with own(pathlib.Path(sys.argv[1]), 'up'): print('held', flush=True); time.sleep(60)"
    )
    process = subprocess.Popen([sys.executable, "-c", code, str(home)], stdout=subprocess.PIPE, text=True)
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    return process


def test_a_second_owner_is_told_who_the_first_is(tmp_path: Path) -> None:
    other = hold(tmp_path)
    try:
        assert owner(tmp_path) == other.pid
        with (
            pytest.raises(HomeInUseError, match=rf"`flowforge up` \(process {other.pid}\)"),
            own(tmp_path, "import"),
        ):
            pass
    finally:
        other.kill()
        other.wait()


def test_a_killed_owner_leaves_no_lock(tmp_path: Path) -> None:
    other = hold(tmp_path)
    other.kill()
    other.wait()
    assert owner(tmp_path) is None
    with own(tmp_path, "up"):
        pass
    assert not (tmp_path / FILE).exists()


def test_the_file_is_gone_afterwards(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    with own(home, "up"):
        assert (home / FILE).stat().st_mode & 0o777 == 0o600
    assert not (home / FILE).exists()
    assert owner(home) is None
    assert owner(tmp_path / "nowhere") is None
