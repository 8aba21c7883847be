"""Files of trades and quotes through broker, normaliser and sinks, as if they happened now.

messages  rows of a file → messages of raw.*
schedule  in which order and when they are sent
run       send, wait until everything is stored, compare with the files
"""
