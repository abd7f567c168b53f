"""The verb that puts a question to the mart."""

from __future__ import annotations

import argparse


def query(arguments: argparse.Namespace) -> int:
    """print the answer of a SQL query on the published mart, opened read-only"""
    from trueup.reports import lookups

    if arguments.finding:
        from trueup.commands import verbs  # which names this module

        named = verbs.parser().parse_args(lookups.command_of(arguments.finding))
        return named.command(named)
    if arguments.load:
        print(lookups.query_load(arguments.load, arguments.sql, as_csv=arguments.csv))
    else:
        print(lookups.query(arguments.sql, on_build=arguments.build, as_csv=arguments.csv))
    return 0
