"""The warm lane: Bytewax flows over ``normalized.*`` into ClickHouse and Redis, seconds after the message.

trades      columns of a micro-batch of trades, numbers as scaled integers
windows     five-minute windows of eligible trades: fold, rows, watermark
minutes     one-minute last prices and what becomes of them
volatility  rolling volatility from one-minute last prices
scores      robust z-scores
"""
