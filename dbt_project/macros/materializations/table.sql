{# Why not the adapter's own: see view.sql. #}
{% materialization table, adapter="duckdb" %}
    {{ return(replace_relation("table", get_create_table_as_sql)) }}
{% endmaterialization %}
