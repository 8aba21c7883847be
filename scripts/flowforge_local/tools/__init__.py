"""Tools that cannot live in FlowForge's own Python environment: dbt and Airflow want other versions of libraries."""
