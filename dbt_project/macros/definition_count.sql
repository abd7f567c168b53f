{#
    Of grouped claims, whether they are of several definitions, which are never added. In which
    currency nothing was claimed makes no definition.
#}
{% macro has_several_definitions() -%}
    (
        count(distinct {{ hash_key([
            "date_basis",
            "attribution_model",
            "click_window_days",
            "view_window_days",
            "is_view_through",
            "is_modelled",
            "time_zone",
        ]) }}) > 1
        or count(
            distinct case when claimed_amount_local != 0 then definition_key end
        ) > 1
    )
{%- endmacro %}
