{# Whether a whole text, in lower case, matches a regular expression. #}
{% macro matches_fully(text, pattern) -%}
    {{ adapter.dispatch("matches_fully", "trueup")(text, pattern) }}
{%- endmacro %}

{% macro default__matches_fully(text, pattern) -%}
    regexp_full_match(lower({{ text }}), {{ pattern }})
{%- endmacro %}

{% macro spark__matches_fully(text, pattern) -%}
    lower({{ text }}) rlike concat('^(?:', {{ pattern }}, ')$')
{%- endmacro %}
