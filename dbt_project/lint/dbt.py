"""What sqlfluff shows templates in place of dbt's own macros."""


def type_string():
    return "varchar"
