{# The standard error of the share itself, which is the same for all cohorts at once: `known` is what
    they knew together when the factor was taken. Over the same window `ladder`. #}
{% macro ladder_share_error(share, factor, variance, known) -%}
    {{ share }}
    * sqrt(coalesce(sum({{ variance }} / ({{ factor }} * {{ factor }}) / {{ known }}) over ladder, 0))
{%- endmacro %}
