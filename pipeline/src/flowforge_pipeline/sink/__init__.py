"""normalized.trades, quotes and orders → raw_trades, raw_quotes and raw_orders of ClickHouse, each message once.

ledger  how far each topic is stored, and which range is being stored, in one SQLite file
rows    normalised messages → rows of the table
store   one topic: gather, write a range down, insert it under its token, note it
loop    the process: one thread per topic

**Exactly once.** A range of messages is named by the numbers that the normaliser gave them. Before it is
inserted, the ledger says which range it is; the insert carries ``<topic>:<first>-<last>`` as its token, in
which ClickHouse recognises a range that it has, in the table and in every view that depends on it. So
whoever is killed in between, the same range is inserted again, and counts once.
"""
