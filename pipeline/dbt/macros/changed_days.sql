{# Days of a fact table that have to be made anew: those with rows that were written since its newest row,
   less an hour – an insert may become visible after one that began later. Late, corrected and cancelled
   rows have a new ingest_time, whatever day they are about. #}
{% macro changed_days(source_relation, day, ingest_time, overlap_minutes=60) -%}
{% if is_incremental() -%}
{{ day }} IN (
    SELECT {{ day }} FROM {{ source_relation }}
    WHERE {{ ingest_time }} > (SELECT max({{ ingest_time }}) FROM {{ this }}) - INTERVAL {{ overlap_minutes }} MINUTE
)
{%- else -%}
1
{%- endif %}
{%- endmacro %}
