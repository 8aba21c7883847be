"""Synthetic market data, live: one market that trades now, quoted on several venues, and tenants who trade in it.

market  one random walk per symbol; trades and two-sided quotes of it
orders  orders of tenants, from new to filled or cancelled, against the market's quotes
loop    the process: so many messages a second to raw.trades, raw.quotes and raw.orders

Event times are the clock's, so that trades outside the exchange's hours are trades of the extended session:
shown by quotes, positions and raw tables, and left out of bars and VWAP like any such print.
"""
