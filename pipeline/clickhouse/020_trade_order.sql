-- The order of trades as one text, for first and last: argMin and argMax compare two texts five times faster than
-- two tuples of (event_time, sequence, source_file, row_no). Each number is eight bytes, largest first, its sign
-- turned round; a text ends with two zero bytes, and a zero byte inside it is followed by 255. So the texts order
-- as the tuples do. Nothing is stored.
ALTER TABLE flowforge.raw_trades
    ADD COLUMN IF NOT EXISTS trade_order String ALIAS concat(
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(toUnixTimestamp64Nano(event_time)), 9223372036854775808))),
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808))),
        replaceAll(source_file, '\0', '\0\xFF'), '\0\0',
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(row_no), 9223372036854775808)))
    )
    COMMENT '(event_time, sequence, source_file, row_no) as bytes that compare alike';

ALTER TABLE flowforge.raw_quotes
    ADD COLUMN IF NOT EXISTS trade_order String ALIAS concat(
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(toUnixTimestamp64Nano(event_time)), 9223372036854775808))),
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808))),
        replaceAll(source_file, '\0', '\0\xFF'), '\0\0',
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(row_no), 9223372036854775808)))
    )
    COMMENT '(event_time, sequence, source_file, row_no) as bytes that compare alike';

ALTER TABLE flowforge.crypto_trades
    ADD COLUMN IF NOT EXISTS trade_order String ALIAS concat(
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(toUnixTimestamp64Nano(event_time)), 9223372036854775808))),
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808))),
        replaceAll(source_file, '\0', '\0\xFF'), '\0\0',
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(row_no), 9223372036854775808)))
    )
    COMMENT '(event_time, sequence, source_file, row_no) as bytes that compare alike';

ALTER TABLE flowforge.crypto_quotes
    ADD COLUMN IF NOT EXISTS trade_order String ALIAS concat(
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(toUnixTimestamp64Nano(event_time)), 9223372036854775808))),
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(sequence), 9223372036854775808))),
        replaceAll(source_file, '\0', '\0\xFF'), '\0\0',
        reverse(reinterpretAsFixedString(bitXor(reinterpretAsUInt64(row_no), 9223372036854775808)))
    )
    COMMENT '(event_time, sequence, source_file, row_no) as bytes that compare alike';
