{#
    What somebody wrote, as the seed file_words spells it: in lower case, one blank between two
    words, without the mark that one shop system puts before its own (`wc-on-hold`). PaidInFull is
    three words.
#}
{% macro plain_words(text) -%}
    {{ adapter.dispatch("plain_words", "trueup")(text) }}
{%- endmacro %}

{% macro default__plain_words(text) -%}
    {%- set apart = "regexp_replace(" ~ text ~ ", '(\\p{Ll})(\\p{Lu})', '\\1 \\2', 'g')" -%}
    regexp_replace(replace({{ slug(apart) }}, '-', ' '), '^wc ', '')
{%- endmacro %}

{% macro spark__plain_words(text) -%}
    {%- set apart = "regexp_replace(" ~ text ~ ", '(\\\\p{Ll})(\\\\p{Lu})', '$1 $2')" -%}
    regexp_replace(replace({{ slug(apart) }}, '-', ' '), '^wc ', '')
{%- endmacro %}
