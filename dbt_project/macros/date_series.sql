{# A subquery of one column, `day`: every day from the first to the last, both included. #}
{% macro date_series(first, last) -%}
    {{ adapter.dispatch("date_series", "trueup")(first, last) }}
{%- endmacro %}

{% macro default__date_series(first, last) -%}
    (
        select cast(unnest(generate_series({{ first }}, {{ last }}, interval '1 day')) as date) as day
    )
{%- endmacro %}

{% macro spark__date_series(first, last) -%}
    (select explode(sequence({{ first }}, {{ last }}, interval 1 day)) as day)
{%- endmacro %}
