"""The live path: events come in, and the viewers of what they change are told.

An event is matched with an index of what every widget reads (``index``, kept by ``keeping``). The widgets it
makes stale are gathered per dashboard in windows of 500 ms that Valkey keeps (``committing``), so that a relay
that is killed loses none. A window that ends becomes one message of the feed. Each relay reads the feed once
(``hub``) and hands it to its own viewers (``viewer``), each behind a buffer of bounded size.

Messages are JSON objects, the same over WebSocket (one per frame) and server-sent events (``data:``, with the
id also as ``id:``). ``id`` is the place in the feed, for that stream only:

    {"type": "hello", "id", "resumed"}                the stream is open. ``resumed``: an id was named and nothing
                                                      after it is missing. Always first, and again as the answer to
                                                      ``{"last_event_id": id}``, the one thing a client may send
    {"type": "invalidate", "id", "widget_ids"}        fetch these widgets again; with ``"resync": true`` messages
                                                      were left out: these are all widgets, and the layout may be new
    {"type": "layout", "id", "dashboard_id"}          widgets came or went, or were arranged anew
    {"type": "execution", "id", "execution_id", "status"}   with ``rows`` or ``code`` where it has ended
    {"type": "alert", "id", "alert": {kind, symbol, value, threshold, window_start, window_end}}
    {"type": "ping", "id"}                            every 15 s
    {"type": "end", "code", "reason"}                 the last one, over server-sent events only; a WebSocket
                                                      closes with the code and the reason instead

A stream is resumed by ``Last-Event-ID`` or ``?last_event_id=``: what was missed comes first, once. Why it ends:

    4401  the token has expired            sign in, then open it again
    4403  access was withdrawn             ask again: what is left will be shown
    4404  the dashboard is gone
    1013  the viewer is too slow           open it again, later
"""
