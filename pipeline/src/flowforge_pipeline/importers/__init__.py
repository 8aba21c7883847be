"""Readers of market-data files. Each checks its file whole and gives rows of one table.

lean       Lean tick archives (``<date>_trade.zip``, ``<date>_quote.zip``)
delimited  CSV and its relatives      } columns assigned to fields by
columnar   Parquet                    } mapping
"""
