{#
    A seed is loaded once into a build file: one that is changed changes the fingerprint of the
    models, and then the build starts from a new file. Loading it anew every day would cost more
    than reading it does.
#}
{% materialization seed, adapter="duckdb" %}
    {%- set target_relation = this.incorporate(type="table") -%}
    {%- set is_held = load_cached_relation(this) is not none -%}

    {{ run_hooks(pre_hooks) }}
    {# dbt asks for what was loaded. #}
    {%- do store_result("agate_table", response="OK") -%}
    {%- if is_held -%}
        {%- call noop_statement("main", "HELD", "HELD", 0) -%}
            select 'held'
        {%- endcall -%}
    {%- else -%}
        {%- set rows = load_agate_table() -%}
        {%- set create = create_csv_table(model, rows) -%}
        {%- set load = load_csv_rows(model, rows) -%}
        {%- call noop_statement("main", "CREATE", "CREATE", rows.rows | length) -%}
            {{ get_csv_sql(create, load) }}
        {%- endcall -%}
    {%- endif -%}
    {{ adapter.commit() }}
    {{ run_hooks(post_hooks, inside_transaction=False) }}
    {{ return({"relations": [target_relation]}) }}
{% endmaterialization %}
