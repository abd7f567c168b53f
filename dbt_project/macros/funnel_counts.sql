{#
    The counts behind the click of one group of int_funnel__steps, summed in `added`: null where
    int_funnel__known says that nothing counts them.
#}
{% macro funnel_counts(added) -%}
    {%- for name, is_known in [
        ("sessions", "has_visits"),
        ("tagged_sessions", "has_visits"),
        ("engaged_sessions", "has_engaged"),
        ("product_view_sessions", "has_product_view"),
        ("form_start_sessions", "has_form_start"),
        ("cart_sessions", "has_cart"),
        ("checkout_sessions", "has_checkout"),
        ("enquiry_sessions", "has_enquiry"),
    ] %}
    cast(case when known.{{ is_known }} then {{ added }}.{{ name }} end as bigint) as {{ name }},
    {%- endfor %}
    cast({{ added }}.weak_conversions as decimal(18, 6)) as weak_conversions,
    cast({{ added }}.strong_conversions as decimal(18, 6)) as strong_conversions,
    cast({{ added }}.won_conversions as decimal(18, 6)) as won_conversions,
    cast({{ added }}.revenue_amount as decimal(38, 6)) as revenue_amount
{%- endmacro %}
