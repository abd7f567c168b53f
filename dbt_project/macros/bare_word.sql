{#
    A word of a link without what got around it on the way: a slash that a server puts behind addresses,
    the comma, point or bracket behind an address in a text, quotes, and marks nobody sees. Null where
    nothing is left.
#}
{% macro bare_word(word) -%}
    {%- set around = "\"''`\u200b\u200c\u200d\u2060\ufeff" -%}
    {%- set cut = "ltrim(rtrim(" ~ word ~ ", ' /,;." ~ around ~ "'), ' " ~ around ~ "')" -%}
    case
        when contains({{ word }}, '(') or contains({{ word }}, '<') then {{ word }}
        else nullif(rtrim({{ cut }}, ')>'), '')
    end
{%- endmacro %}
