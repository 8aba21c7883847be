"""``python -m bench compile | run | push | api | coldstart | pipeline`` with ``tests`` on the path; ``flowforge bench`` does it."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path


def main(arguments: list[str] | None = None) -> int:
    """Measure, print, and say by the exit code whether every target is met."""
    parser = argparse.ArgumentParser(prog="flowforge bench", description=__doc__)
    parser.add_argument("part", choices=["compile", "run", "push", "api", "coldstart", "pipeline"])
    parser.add_argument("--json", action="store_true", help="answer in JSON")
    parser.add_argument("--rounds", type=int, default=None, help="how often each contender has its turn")
    parser.add_argument("--home", type=Path, required=True, help="where peers and data are kept")
    parser.add_argument("--rows", type=int, default=10_000_000, help="rows of the generated table (run)")
    given = parser.parse_args(arguments)
    from bench.report import show

    if given.part == "compile":
        from bench import compiling

        rows = compiling.rows(given.home, given.rounds or 9)
    elif given.part == "push":
        from bench import pushing

        rows = pushing.rows(given.home, given.rounds or 20)
    elif given.part == "api":
        from bench import serving

        rows = serving.rows(given.home, given.rounds or 9)
    elif given.part == "coldstart":
        from bench import starting

        rows = starting.rows(given.home, given.rounds or 9)
    elif given.part == "pipeline":
        from bench import piping

        rows = piping.rows(given.rounds or 7, given.rows)
    else:
        from bench import running

        rows = running.rows(given.home, given.rounds or 30, given.rows)
    return show(rows, as_json=given.json)


if __name__ == "__main__":
    sys.exit(main())
