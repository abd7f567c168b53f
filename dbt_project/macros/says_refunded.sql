{#
    Whether the status of an order or booking says that money was given back of it, all or some. It
    does not say how much.
#}
{% macro says_refunded(status) -%}
    {{ matches_fully(slug(status), "'((partial(ly)?|partly|part)-)?refunded'") }}
{%- endmacro %}
