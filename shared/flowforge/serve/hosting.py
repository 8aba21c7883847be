"""Loading ``functions/<name>/main.py`` the way functions-framework does: import the file, take what its target names.

Why the framework does not host ``Function`` itself: it imports Flask, Werkzeug and Jinja even to serve ASGI, which
is a third of what a cold start may take. Its functions they are all the same (``functions-framework --asgi --source …
--target …`` hosts each); here the router that such a function answers with is served without that detour.
"""

from __future__ import annotations

import sys
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from types import ModuleType

from flowforge.serve.function import LOADED, Function


def load_target(source: Path, target: str) -> Function:
    """The function of that name in a file; one that is not declared by ``Function`` is hosted by the framework.

    ``FileNotFoundError`` where there is no file, ``MissingTargetException`` where it has no such function.
    """
    module = load_source(source)
    if target in LOADED:
        return LOADED[target]
    from functions_framework.aio import create_asgi_app_from_module

    hosted = Function(target)
    hosted.app = create_asgi_app_from_module(target, str(source), None, module, module.__spec__)  # type: ignore[no-untyped-call]
    return hosted


def load_source(source: Path) -> ModuleType:
    """The module of a function's file, imported afresh."""
    spec = spec_from_file_location(f"flowforge_function_{source.resolve().parent.name}", source)
    assert spec is not None
    assert spec.loader is not None
    module = sys.modules[spec.name] = module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
