{# An instant as text: its milliseconds since 1970. It makes part of a record's id. #}
{% macro epoch_text(instant) -%}
    {{ adapter.dispatch("epoch_text", "trueup")(instant) }}
{%- endmacro %}

{% macro default__epoch_text(instant) -%}
    cast(epoch_ms({{ instant }}) as {{ dbt.type_string() }})
{%- endmacro %}

{% macro spark__epoch_text(instant) -%}
    cast(unix_millis({{ instant }}) as {{ dbt.type_string() }})
{%- endmacro %}
