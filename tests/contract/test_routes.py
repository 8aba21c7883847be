"""The manifests route exactly the calls that the functions declare: no more, no fewer."""

from __future__ import annotations

import re

from flowforge.serve.openapi import load_functions
from flowforge_local.mesh.manifests import load
from flowforge_local.paths import ROOT


def test_every_declared_call_is_routed_to_its_function() -> None:
    declared = {
        function.name: {(each.method, re.sub(r":\w+}", "}", each.path)) for each in function.endpoints}
        for function in load_functions(ROOT / "functions")
    }
    routed = {
        service.name: {(route.method, route.template) for route in service.routes}
        for service in load(ROOT / "knative" / "base").services
    }
    assert routed == declared
