{#
    An aggregate: the states of the rows, in the order of two columns, as a path. Lists sorted whole
    take a fifth of the time of an ordered string_agg over as many small groups.
#}
{% macro path_of(state, first, second) -%}
    {{ adapter.dispatch("path_of", "trueup")(state, first, second) }}
{%- endmacro %}

{% macro default__path_of(state, first, second) -%}
    array_to_string(
        list_transform(
            list_sort(list(struct_pack(a := {{ first }}, b := {{ second }}, state := {{ state }}))),
            lambda one: one.state
        ),
        ' > '
    )
{%- endmacro %}

{% macro spark__path_of(state, first, second) -%}
    array_join(
        transform(
            array_sort(collect_list(struct({{ first }} as a, {{ second }} as b, {{ state }} as state))),
            one -> one.state
        ),
        ' > '
    )
{%- endmacro %}
