{#
    Whether the status of an order or booking says that money goes or went back of it, all or some,
    or was taken back by a bank, or that what was sent did not reach who paid. It does not say how
    much. What is only asked for, or was denied, is not.
#}
{% macro says_refunded(status) -%}
    {{ matches_fully(
        slug(status),
        "'(wc-)?((partial(ly)?|partly|part|full(y)?)-)?(returned|refund(ed)?(-(initiated|started|"
        ~ "approved|accepted|completed?|issued|processed))?)|"
        ~ "charge(d-)?back|disputed|reversed|(dispute|charge-?back)-lost|"
        ~ "shipped-(return(ed|ing)|rejected|lost|damaged)(-.*)?|"
        ~ "(r[uü](ck|eck))?erstattet|reembolsad[oa]|rembours[eé]e?|rimborsat[oa]|terugbetaald'"
    ) }}
{%- endmacro %}
