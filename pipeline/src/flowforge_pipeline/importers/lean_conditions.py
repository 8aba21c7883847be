"""Which Lean trade prints count, by their sale-condition flags.

Flags: ``TradeConditionFlags`` of QuantConnect/Lean. A print whose price was not made on the tape at
that moment distorts a VWAP as much as a high, so open/high/low/close and volume follow one rule. With
it, daily bars agree with those that exchanges publish. Where a trade lies in the day is another
question: ``session`` answers that.
"""

from __future__ import annotations

from typing import Final

DERIVATIVELY_PRICED: Final = 0x0000_0200
STOCK_OPTION: Final = 0x0004_0000
AVERAGE_PRICE: Final = 0x0010_0000
OFFICIAL_CLOSE: Final = 0x0100_0000
OFFICIAL_OPEN: Final = 0x0400_0000

INELIGIBLE: Final = DERIVATIVELY_PRICED | STOCK_OPTION | AVERAGE_PRICE | OFFICIAL_CLOSE | OFFICIAL_OPEN
"""0x5140200. The official open and close are reports of a value, not trades."""
