{% test expression_holds(model, expression) %}
SELECT * FROM {{ model }} WHERE NOT ({{ expression }})
{% endtest %}
