"""What others know of the Python library, written from it: ``python -m flowforge_local.codegen``.

For the browser the nodes, functions and error codes; for whoever sends or hears events their JSON Schemas and an
AsyncAPI document.

``artifact.ARTIFACTS`` names every generated file and its renderer; ``--check`` fails when one is stale.
"""
