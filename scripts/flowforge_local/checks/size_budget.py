"""The size budget: median file ≤ 120 lines, 95th percentile ≤ 350, none over 500.

Counts source files that git tracks; generated files and data do not count. Run as
``python -m flowforge_local.checks.size_budget``; exits 1 and names the files that are over.
"""

from __future__ import annotations

import statistics
import subprocess
import sys
from pathlib import Path

MEDIAN, PERCENTILE_95, LARGEST = 120, 350, 500
SOURCE_SUFFIXES = frozenset({".py", ".ts", ".tsx", ".sql", ".css"})
GENERATED_MARK = "do not edit"


def source_files(root: Path) -> list[Path]:
    """Tracked source files below ``root`` that were written by hand."""
    listed = subprocess.run(
        ["git", "ls-files", "-z"], cwd=root, check=True, capture_output=True, text=True
    ).stdout
    paths = (root / name for name in listed.split("\0") if name)
    return [
        path for path in paths if path.suffix in SOURCE_SUFFIXES and path.is_file() and not _generated(path)
    ]


def _generated(path: Path) -> bool:
    with path.open(encoding="utf-8") as file:
        return any(GENERATED_MARK in line.lower() for _, line in zip(range(3), file, strict=False))


def over_budget(sizes: dict[str, int]) -> list[str]:
    """One sentence for each part of the budget that ``sizes`` (lines by file) breaks."""
    if not sizes:
        return ["no source files were found"]
    counts = sorted(sizes.values())
    median = statistics.median(counts)
    high = counts[min(len(counts) - 1, int(len(counts) * 0.95))]
    problems = []
    if median > MEDIAN:
        problems.append(f"the median file has {median:g} lines; aim for {MEDIAN}")
    if high > PERCENTILE_95:
        problems.append(f"the 95th percentile has {high} lines; aim for {PERCENTILE_95}")
    problems += [f"{name} has {count} lines; split it" for name, count in sizes.items() if count > LARGEST]
    return problems


def main() -> int:
    """Print the verdict; 1 when over budget."""
    root = Path(__file__).resolve().parents[3]
    sizes = {
        str(path.relative_to(root)): len(path.read_text(encoding="utf-8").splitlines())
        for path in source_files(root)
    }
    problems = over_budget(sizes)
    for problem in problems:
        print(f"size budget: {problem}", file=sys.stderr)
    if not problems:
        print(
            f"size budget: {len(sizes)} files, median {statistics.median(sizes.values()):g} lines, none over {LARGEST}"
        )
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
