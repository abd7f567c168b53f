"""A small company whose landings come in any order, and dbt's statements sent again and again."""
