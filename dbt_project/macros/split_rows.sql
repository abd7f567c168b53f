{# One row for each part of a text that holds several, in the select list it stands in. #}
{% macro split_rows(text, separator) -%}
    {{ adapter.dispatch("split_rows", "trueup")(text, separator) }}
{%- endmacro %}

{% macro default__split_rows(text, separator) -%}
    unnest(string_split({{ text }}, {{ separator }}))
{%- endmacro %}

{% macro spark__split_rows(text, separator) -%}
    explode(split({{ text }}, {{ separator }}))
{%- endmacro %}
