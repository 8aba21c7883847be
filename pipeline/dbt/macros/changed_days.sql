{# Days of a fact table that have to be made anew: those with rows that were written since its newest row,
   less an hour – an insert may become visible after one that began later – and those of the trades that
   corrections among them name, with all corrections of the same trades: a trade may be moved to another day. #}
{% macro changed_days(source_relation, overlap_minutes=60) -%}
{% if is_incremental() -%}
{%- set since -%}
ingest_time > (SELECT max(ingest_time) FROM {{ this }}) - INTERVAL {{ overlap_minutes }} MINUTE
{%- endset -%}
trade_date IN (
    SELECT trade_date FROM {{ source_relation }} WHERE {{ since }}
    UNION DISTINCT
    {{ corrected_days(source_relation, since) }}
)
{%- else -%}
1
{%- endif %}
{%- endmacro %}

{# Days of the trades that corrections name, those corrections' own days, and those of other corrections of the same trades. #}
{% macro corrected_days(source_relation, which) -%}
    SELECT trade_date FROM {{ source_relation }}
    WHERE (symbol, trade_id) IN (SELECT symbol, corrects_id FROM {{ source_relation }} WHERE status != 'new' AND {{ which }})
        OR (status != 'new' AND (symbol, corrects_id) IN (
            SELECT symbol, corrects_id FROM {{ source_relation }} WHERE status != 'new' AND {{ which }}))
{%- endmacro %}

{# After a run: days whose last trade was cancelled have no rows that could replace their partition. #}
{% macro drop_emptied_days(source_relation, trades) -%}
{% if execute -%}
{%- set emptied -%}
SELECT DISTINCT toString(trade_date) FROM {{ this }}
WHERE trade_date IN ({{ corrected_days(source_relation, '1') }})
    AND trade_date NOT IN (SELECT trade_date FROM {{ trades }} WHERE trade_date IN ({{ corrected_days(source_relation, '1') }}))
{%- endset -%}
{%- for row in run_query(emptied).rows -%}
    {%- do run_query("ALTER TABLE " ~ this ~ " DROP PARTITION '" ~ row[0] ~ "'") -%}
{%- endfor -%}
{%- endif %}
{%- endmacro %}
