{#
    What each state of the rows of a group has of conversions, by a model that looks at all journeys
    at once: rows of `state` and `share`. The function runs outside of the database, and is taught to
    it by trueup.build.dbt_functions.
#}
{% macro path_shares(model, columns) -%}
    {{ adapter.dispatch("path_shares", "trueup")(model, columns) }}
{%- endmacro %}

{% macro default__path_shares(model, columns) -%}
    unnest({{ model }}_shares(array_agg({{ as_struct(columns) }})), recursive := true)
{%- endmacro %}

{% macro spark__path_shares(model, columns) -%}
    inline({{ model }}_shares(array_agg({{ as_struct(columns) }})))
{%- endmacro %}
