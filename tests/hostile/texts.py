"""Texts that have broken out of quotes, hidden from reviewers or exhausted parsers somewhere before."""

from __future__ import annotations

SECRET = "forbidden-secret"
"""A value that only other tenants' rows hold."""

QUOTES = (
    "' OR 1=1 --", "'' OR ''='", "\\' OR 1=1 --", "\\", "\\\\'", "'", "''", '"', '""', "`", "``", "'; SELECT 1; --",
    "x'; DROP TABLE flowforge.trades; --", "'||(SELECT note FROM flowforge.trades LIMIT 1)||'", '" AS x, version() AS "y',
    "` FROM system.tables --", "$$ OR $$", "$tag$x$tag$", "E'\\047'", "U&'\\0027'", "\\x27 OR 1=1",
)  # fmt: skip

COMMENTS = (
    "--",
    "-- \n",
    "/*",
    "*/",
    "/* x */",
    "/*! x */",
    "/*+ x */",
    "#",
    "#!",
    "//",
    "{# x #}",
    "--\u2028",
)

SYNTAX = (
    ";", ")", "(", "()", "))) UNION ALL SELECT note FROM flowforge.trades --", "]", "[", "[]", "]]", "[[price]]",
    "] FROM system.one --", "{x:String}", "{param}", "{{ x }}", "%s", "%(x)s", "$1", ":x", "?", "@x", "@@version", "*", "a.*",
    "price, note", "price AS note", "symbol) OR (1=1", "NULL", "TRUE", "1=1", "SELECT 1", "price -- note",
    "file('/etc/passwd')", "url('http://127.0.0.1/')", "(SELECT 1)", "EXISTS(SELECT 1)", "SETTINGS readonly=0",
    "FORMAT CSV", "INTO OUTFILE 'x'", "__SQLGLOT__LBREAK__", "flowforge.trades", "system.tables",
)  # fmt: skip

CONTROL = (
    "\x00", "a\x00b", "\x01", "\x08", "\t", "\n", "\r\n", "\x0b", "\x1a", "\x1b[2J", "\x7f", "\x85", "\u2028", "\u2029",
    "\ufeff", "\ufeffprice", "\ue000\ue001\ue002", "\ufffe", "\U0010ffff",
)  # fmt: skip

LOOK_ALIKES = (
    "\u0430pl", "symbo\u04cf", "ＡＡＰＬ", "ｐｒｉｃｅ", "pri\u200bce", "price\u200d", "\u202eecirp", "\u2066price\u2069",
    "p\u0301rice", "\u2019 OR 1=1", "\uff07 OR 1=1", "\u02bc", "\uff3bprice\uff3d", "\uff1b", "\u037e", "ſymbol", "K", "İ", "price\u00a0",
)  # fmt: skip

NUMBERS = (
    "0", "-1", "1e309", "-1e309", "NaN", "inf", "-Infinity", "0x41", "1_000", "٣", "１２", "9223372036854775808", "1e5",
    "9" * 80, "0." + "0" * 80 + "1", "1/0", "--1", "+1", "1.", ".5", "1e", "2024-01-31", "2024-02-30", "true",
)  # fmt: skip

LONG = (
    "x" * 10_000,
    "x" * 128,
    "x" * 129,
    "'" * 1_000,
    "\\" * 1_001,
    "(" * 3_000 + ")" * 3_000,
    "[" * 3_000,
    "\u202e" * 500,
    "NOT " * 2_000 + "TRUE",
)

SURROGATES = ("\ud800", "\udc00", "a\ud83d", "\ude00\ud83d")
"""Halves of pairs: no UTF-8 holds them, but JSON escapes can."""

HOSTILE = (*QUOTES, *COMMENTS, *SYNTAX, *CONTROL, *LOOK_ALIKES, *NUMBERS, *LONG, *SURROGATES)
