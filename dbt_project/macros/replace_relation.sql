{# Drop this model's relation where it exists and create it again, in one transaction. #}
{% macro replace_relation(type, create_sql) %}
    {%- set existing = load_cached_relation(this) -%}
    {%- set target = this.incorporate(type=type) -%}
    {%- set arguments = [target, sql] if type == "view" else [false, target, sql] -%}
    {{ run_hooks(pre_hooks) }}
    {%- call statement("main") -%}
        {%- if existing %}
        drop {{ existing.type }} if exists {{ existing }};
        {%- endif %}
        {{ create_sql(*arguments) }}
    {%- endcall -%}
    {{ run_hooks(post_hooks) }}
    {{ adapter.commit() }}
    {{ return({"relations": [target]}) }}
{% endmacro %}
