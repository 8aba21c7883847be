"""The cold lane: runs the dbt project of ``pipeline/dbt`` and tells readers what it changed."""
