"""The functions' image: what is left out of it, no function needs."""

from __future__ import annotations

import re
import subprocess
import sys
from importlib.metadata import packages_distributions

from flowforge_local.paths import ROOT

LEFT_OUT = set((ROOT / "functions" / "not-in-image.txt").read_text().split())

IMPORT_EVERYTHING = """
import importlib, pkgutil, sys
refused = set(sys.argv[1].split(","))

class Refuse:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in refused:
            raise ModuleNotFoundError(f"{name} is not in the image", name=name)

sys.meta_path.insert(0, Refuse())
import flowforge, flowforge_events
for package in (flowforge, flowforge_events):
    for module in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
        # Programs and migrations are run, not imported.
        if not module.name.endswith("__main__") and ".migrations." not in module.name:
            importlib.import_module(module.name)
from pathlib import Path
from flowforge.serve.openapi import load_functions
print(len(list(load_functions(Path("functions")))))
"""


def test_what_is_left_out_is_in_the_lock() -> None:
    locked = set(re.findall(r"(?m)^([a-z0-9._-]+)==", (ROOT / "requirements.lock").read_text()))
    assert locked >= LEFT_OUT


def test_no_function_needs_what_is_left_out() -> None:
    modules = {
        module
        for module, distributions in packages_distributions().items()
        if {name.lower().replace("_", "-") for name in distributions} <= LEFT_OUT
    }
    finished = subprocess.run(
        [sys.executable, "-c", IMPORT_EVERYTHING, ",".join(sorted(modules))],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert finished.returncode == 0, finished.stderr
    assert int(finished.stdout) == len(list((ROOT / "functions").glob("*/main.py")))
