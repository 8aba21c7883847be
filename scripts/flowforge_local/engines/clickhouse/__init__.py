"""chDB behind the ClickHouse HTTP protocol, so that ClickHouse clients run unchanged.

A request takes this way::

    app.py         ASGI: authentication, routing, disconnects, errors as ClickHouse sends them
    users.py       who asks
    request.py     what is asked: statement, settings, parameters, database, session
    statement.py   which kind of statement, which format, where inline data begins
    guard.py       whether the read-only user may run it
    execute.py     runs it in a worker thread: read, insert, or anything else
    engine.py      one fresh chDB connection per request
    formats.py     joins the engine's blocks into one stream of a format
    compression.py decodes bodies, encodes answers
    respond.py     when headers go out, and how a failure after that is made visible
    errors.py      exception codes, names and HTTP statuses
"""
