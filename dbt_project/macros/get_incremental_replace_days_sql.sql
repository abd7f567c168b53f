{#
    Incremental strategy `replace_days`: what the affected days held is deleted, then the new rows
    are inserted, so rows a source no longer has disappear. A model names in its `meta`
      replaced_from: the model that lists what is affected
      replaced_columns: the columns both share, such as a day; null is a day of its own
    With a `unique_key`, rows whose key comes again are deleted too: they moved to another day.
#}
{% macro get_incremental_replace_days_sql(arg_dict) %}
    {{ return(adapter.dispatch("get_incremental_replace_days_sql", "trueup")(arg_dict)) }}
{% endmacro %}

{% macro default__get_incremental_replace_days_sql(arg_dict) %}
    {% set target = arg_dict["target_relation"] %}
    {% set new_rows = arg_dict["temp_relation"] %}
    {% set unique_key = arg_dict["unique_key"] %}
    {% set columns = get_quoted_csv(arg_dict["dest_columns"] | map(attribute="name")) %}
    {% set affected = model.config.meta["replaced_columns"] %}
    delete from {{ target }}
    where exists (
        select 1
        from {{ ref(model.config.meta["replaced_from"]) }} as affected
        where
        {% for column in affected %}
            affected.{{ column }} is not distinct from {{ target }}.{{ column }} {{ "and" if not loop.last }}
        {% endfor %}
    )
    {% if unique_key %}
        or {{ unique_key }} in (select {{ unique_key }} from {{ new_rows }})
    {% endif %};
    insert into {{ target }} ({{ columns }})
    select {{ columns }}
    from {{ new_rows }}
{% endmacro %}
