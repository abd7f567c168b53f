{# A list of the expressions. #}
{% macro list_of(items) -%}
    {{ adapter.dispatch("list_of", "trueup")(items) }}
{%- endmacro %}

{% macro default__list_of(items) -%}
    [{{ items | join(", ") }}]
{%- endmacro %}

{% macro spark__list_of(items) -%}
    array({{ items | join(", ") }})
{%- endmacro %}
