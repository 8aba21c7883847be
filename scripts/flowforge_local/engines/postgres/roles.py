"""Roles and databases, as SQL for the single-user server.

One statement per line: that is how ``postgres --single`` reads its standard input.
"""

from __future__ import annotations

from flowforge_local.engines.credentials import Credentials


def cluster_statements() -> tuple[str, ...]:
    """Statements for the database ``postgres`` of a new cluster."""
    return (
        "CREATE ROLE flowforge_app LOGIN",
        "CREATE ROLE pipeline LOGIN",
        "CREATE ROLE flowforge_reader LOGIN",
        "ALTER ROLE flowforge_reader SET default_transaction_read_only = on",
        "CREATE DATABASE meta OWNER flowforge_app",
        "CREATE DATABASE live OWNER pipeline",
        "REVOKE ALL ON DATABASE postgres, template1, meta, live FROM PUBLIC",
        "GRANT CONNECT ON DATABASE live TO flowforge_reader",
    )


def live_statements() -> tuple[str, ...]:
    """Statements for ``live``: whatever the pipeline creates there, the reader may read.

    Large objects are the one thing a role may write without owning anything, so their functions
    are taken away from everybody else.
    """
    large_objects = "lo_create(oid), lo_creat(integer), lo_from_bytea(oid, bytea), lo_put(oid, bigint, bytea)"
    return (
        "ALTER DEFAULT PRIVILEGES FOR ROLE pipeline GRANT USAGE ON SCHEMAS TO flowforge_reader",
        "ALTER DEFAULT PRIVILEGES FOR ROLE pipeline GRANT SELECT ON TABLES TO flowforge_reader",
        f"REVOKE EXECUTE ON FUNCTION {large_objects} FROM PUBLIC",
    )


def password_statements(credentials: Credentials) -> tuple[str, ...]:
    """Statements that set every role's password; the server stores SCRAM verifiers only.

    A cluster that was made before a role existed gets it here.
    """
    passwords = {
        "postgres": credentials.postgres,
        "flowforge_app": credentials.flowforge_app,
        "pipeline": credentials.pipeline,
        "flowforge_reader": credentials.flowforge_reader,
        "flowforge_audit": credentials.flowforge_audit,
    }
    return (
        # To catch the error instead would not do: exit_on_error ends the server before anybody catches it.
        "DO $$ BEGIN IF NOT EXISTS (SELECT FROM pg_roles WHERE rolname = 'flowforge_audit')"
        " THEN CREATE ROLE flowforge_audit LOGIN; END IF; END $$",
        "GRANT CONNECT ON DATABASE meta TO flowforge_audit",
        *(f"ALTER ROLE {role} PASSWORD '{password}'" for role, password in passwords.items()),
    )
