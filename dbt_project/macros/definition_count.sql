{#
    Of grouped claims, of how many definitions they are; those of several are never added. The currency
    is none of it: a conversion is worth something in one of them, and adds up in the reporting currency.
#}
{% macro definition_count() -%}
    count(distinct {{ hash_key([
        "date_basis",
        "attribution_model",
        "click_window_days",
        "view_window_days",
        "is_view_through",
        "is_modelled",
        "time_zone",
    ]) }})
{%- endmacro %}
