"""What the browser knows of the Python library, written from it: ``python -m flowforge_local.codegen``.

``artifact.ARTIFACTS`` names every generated file and its renderer; ``--check`` fails when one is stale.
"""
