{# One value of all that tells one claim of a day from another. #}
{% macro claim_key() -%}
    {{ hash_key(claim_columns()) }}
{%- endmacro %}
