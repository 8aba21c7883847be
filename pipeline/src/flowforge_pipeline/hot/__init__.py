"""The hot lane: quotes, last prices and positions in PostgreSQL ``live``, milliseconds after the message."""
