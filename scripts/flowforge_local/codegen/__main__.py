"""Write the generated files, or with ``--check`` only say which are stale (exit status 1)."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

from flowforge_local.codegen.artifact import COMMAND, stale, write

ROOT = Path(__file__).resolve().parents[3]


def main(arguments: list[str] | None = None, root: Path = ROOT) -> int:
    """Run the command; 0 when everything is, or has been made, fresh."""
    parser = argparse.ArgumentParser(prog=COMMAND, description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    if parser.parse_args(arguments).check:
        paths = stale(root)
        for path in paths:
            print(f"{path} is stale; run `{COMMAND}`", file=sys.stderr)
        return 1 if paths else 0
    for path in write(root):
        print(f"wrote {path}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
