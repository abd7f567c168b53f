{# The variance of what is known of a number whose final value is one, over the same window `ladder`. #}
{% macro ladder_unit_variance(share, factor, variance) -%}
    {{ share }} * {{ share }}
    * coalesce(sum({{ variance }} / ({{ factor }} * {{ factor }}) / {{ share }}) over ladder, 0)
{%- endmacro %}
