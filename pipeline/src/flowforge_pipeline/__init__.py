"""The data pipeline: schema migrations, importers of real data, and the seed.

It fills the serving layer that the application only reads. Run as ``python -m flowforge_pipeline``.
"""
