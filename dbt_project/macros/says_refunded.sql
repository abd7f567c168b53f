{#
    Whether the status of an order or booking says that money was given back of it, all or some, or
    taken back by a bank. It does not say how much.
#}
{% macro says_refunded(status) -%}
    {{ matches_fully(
        slug(status),
        "'(wc-)?((partial(ly)?|partly|part)-)?(refunded|returned)|charge(d-)?back|disputed|reversed'"
    ) }}
{%- endmacro %}
