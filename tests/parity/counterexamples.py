"""Counter-examples that Hypothesis found and shrank: kept as files, replayed before new ones are sought."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

from oracle.case_json import dumped, loaded
from oracle.strategies import Case

FOLDER = Path(__file__).parents[1] / "cases" / "counterexamples"


def kept() -> dict[str, Case]:
    """All of them, by file name."""
    return {path.stem: loaded(json.loads(path.read_text())) for path in sorted(FOLDER.glob("*.json"))}


def keep(case: Case) -> Path:
    """Write one down under a name of its content; give it a better one by hand."""
    text = json.dumps(dumped(case), ensure_ascii=False, indent=2) + "\n"
    path = FOLDER / f"{hashlib.sha256(text.encode()).hexdigest()[:12]}.json"
    FOLDER.mkdir(exist_ok=True)
    path.write_text(text)
    return path
