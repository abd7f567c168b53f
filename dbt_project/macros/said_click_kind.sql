{#
    The link parameter a click id came in, where there is a click id: forms write a word for none
    (`undefined`, `(not set)`) into the field that is kept for one.
#}
{% macro said_click_kind(click_id, kind) -%}
    case when {{ said_word(click_id) }} is not null then {{ kind }} end
{%- endmacro %}
