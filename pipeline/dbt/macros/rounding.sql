{# Quotient of two decimals, rounded half away from zero to `scale` digits; NULL where the divisor is 0.
   divideDecimal also looks at the value under a NULL, so the divisor is replaced as well. #}
{% macro quotient(dividend, dividend_scale, divisor, divisor_scale, scale) -%}
if({{ divisor }} = 0, NULL, toDecimal128(round(divideDecimal(
    toDecimal256({{ dividend }}, {{ dividend_scale }}),
    if({{ divisor }} = 0, toDecimal256(1, {{ divisor_scale }}), toDecimal256({{ divisor }}, {{ divisor_scale }})),
    {{ scale + 1 }}), {{ scale }}), {{ scale }}))
{%- endmacro %}
