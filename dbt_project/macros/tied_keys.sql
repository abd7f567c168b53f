{#
    What each of the keys of the rows is in the end, where every row ties two: rows of `customer_key`
    and `least_key`. The function runs outside of the database, which would follow a chain of ties by
    one join a link, and is taught to it by trueup.build.dbt_functions.
#}
{% macro tied_keys(key, other_key) -%}
    {{ adapter.dispatch("tied_keys", "trueup")(key, other_key) }}
{%- endmacro %}

{% macro default__tied_keys(key, other_key) -%}
    unnest(
        least_of_tied(
            array_agg(struct_pack(customer_key := {{ key }}, other_key := {{ other_key }}))
        ),
        recursive := true
    )
{%- endmacro %}

{% macro spark__tied_keys(key, other_key) -%}
    inline(
        least_of_tied(
            array_agg(named_struct('customer_key', {{ key }}, 'other_key', {{ other_key }}))
        )
    )
{%- endmacro %}
