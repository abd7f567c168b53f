{# By what cohorts grow together from one age to the next: the chain ladder's factor, of their sums. An
    aggregate over rows of one cohort each. #}
{% macro ladder_factor(known, next_known) -%}
    sum({{ next_known }}) / nullif(sum({{ known }}), 0)
{%- endmacro %}
