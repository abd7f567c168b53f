{#
    Whether the status of an order or booking says that money was given back of it, all or some, or
    taken back by a bank. It does not say how much.
#}
{% macro says_refunded(status) -%}
    {{ matches_fully(
        slug(status),
        "'(wc-)?((partial(ly)?|partly|part|full(y)?)-)?(refund(ed)?(-(completed?|issued|processed))?|returned)|"
        ~ "charge(d-)?back|disputed|reversed|(dispute|charge-?back)-lost|shipped-returned(-.*)?|"
        ~ "(r[uü](ck|eck))?erstattet|reembolsad[oa]|rembours[eé]e?|rimborsat[oa]|terugbetaald'"
    ) }}
{%- endmacro %}
