{# The parts of a text that holds several, as a list. #}
{% macro split_list(text, separator) -%}
    {{ adapter.dispatch("split_list", "trueup")(text, separator) }}
{%- endmacro %}

{% macro default__split_list(text, separator) -%}
    string_split({{ text }}, {{ separator }})
{%- endmacro %}

{% macro spark__split_list(text, separator) -%}
    split({{ text }}, {{ separator }})
{%- endmacro %}
