{# How many cohorts speak for how numbers mature: two months, enough for a steady curve and few enough
    to follow a lag that changes. #}
{% macro settlement_cohorts() -%} 60 {%- endmacro %}
