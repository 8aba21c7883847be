{# Key of a row of dim_instruments: a symbol, the first day on which it means this, and whether that is known. #}
{% macro instrument_key(symbol, valid_from, is_known) -%}
lower(hex(sipHash128(toString({{ symbol }}), toString({{ valid_from }}), toUInt8({{ is_known }}))))
{%- endmacro %}
