{# Text in lower case and without accents, as people type it who are in a hurry. #}
{% macro plain_text(text) -%}
    {{ adapter.dispatch("plain_text", "trueup")(text) }}
{%- endmacro %}

{% macro default__plain_text(text) -%}
    strip_accents(lower({{ text }}))
{%- endmacro %}

{% macro spark__plain_text(text) -%}
    lower({{ text }})
{%- endmacro %}
