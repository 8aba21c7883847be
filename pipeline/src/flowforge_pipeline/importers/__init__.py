"""Readers of market-data files. Each checks its file whole and gives rows of one table or several.

lean        Lean tick archives (``<date>_trade.zip``, ``<date>_quote.zip``)
lean_bars   Lean bars: seconds to days, shares, futures, options; trades and quotes
dbn         Databento Binary Encoding, by schema
binance     recorded Binance feeds
xetra       minute bars of Deutsche Börse
yahoo       daily bars of Yahoo Finance
delimited   CSV and its relatives      } columns assigned to fields by
columnar    Parquet                    } mapping

``files`` chooses, by the first bytes and the header; ``fixed`` lists the formats that are known by their content.
"""
