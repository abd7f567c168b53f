{# The body of a CTE: a row for each platform, day and cause of what `gap` holds in its columns. #}
{% macro gap_by_cause(gap, causes) -%}
    {%- for cause in causes %}
        select
            platform,
            report_date,
            '{{ cause }}' as cause,
            sum(claimed_conversions) as claims,
            sum(claimed_amount) as claimed_amount,
            abs(sum({{ cause }}_conversions)) as conversions
        from {{ gap }}
        group by platform, report_date
        {{ "union all" if not loop.last }}
    {%- endfor %}
{%- endmacro %}
