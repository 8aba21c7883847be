"""The application's own PostgreSQL: tenants, workflows, dashboards, widgets.

Two ways in, on purpose. ``tables`` and ``session`` (SQLAlchemy, Alembic) serve ``workspace``, which
edits. ``pool`` (asyncpg alone) serves the few reads that every preview and widget needs: importing
SQLAlchemy costs more than the whole cold start of a function may.
"""
