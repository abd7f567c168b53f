{#
    Views and tables are replaced where they stand, in one transaction. dbt-duckdb builds them
    under another name, renames both and drops the old one, which was a fifth of a build's time;
    nobody reads the build file meanwhile, and a build that is ended midway leaves the old one.
#}
{% materialization view, adapter="duckdb" %}
    {{ return(replace_relation("view", get_create_view_as_sql)) }}
{% endmaterialization %}
