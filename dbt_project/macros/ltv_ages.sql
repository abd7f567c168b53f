{# Every month of age up to the last of `ltv_horizons`; the first is 0. #}
{% macro ltv_ages() -%}
    {% for month in range(12) -%}
        select {{ month }} as months_since {% if not loop.last %}union all {% endif %}
    {% endfor %}
{%- endmacro %}
