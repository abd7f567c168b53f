"""What sqlfluff shows templates in place of dbt's `adapter`: a dispatched macro reads as a call."""


def dispatch(name, _package=None):
    return lambda *arguments: f"{name}({', '.join(str(argument) for argument in arguments)})"
