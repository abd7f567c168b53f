"""The private build file: raw tables, the lock, dbt."""
