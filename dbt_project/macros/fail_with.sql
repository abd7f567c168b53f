{# An expression that stops the query with a message: for tests whose rows a person must read. #}
{% macro fail_with(message) -%}
    {{ adapter.dispatch("fail_with", "trueup")(message) }}
{%- endmacro %}

{% macro default__fail_with(message) -%}
    error({{ message }})
{%- endmacro %}

{% macro spark__fail_with(message) -%}
    raise_error({{ message }})
{%- endmacro %}
