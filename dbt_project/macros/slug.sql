{#
    A name as it is written in a link: lower case, everything else than letters and digits, of any
    script, a dash.
#}
{% macro slug(name) -%}
    {{ adapter.dispatch("slug", "trueup")(name) }}
{%- endmacro %}

{% macro default__slug(name) -%}
    trim(regexp_replace(lower({{ name }}), '[^\p{L}\p{M}\p{N}]+', '-', 'g'), '-')
{%- endmacro %}

{% macro spark__slug(name) -%}
    trim(both '-' from regexp_replace(lower({{ name }}), '[^\\p{L}\\p{M}\\p{N}]+', '-'))
{%- endmacro %}
