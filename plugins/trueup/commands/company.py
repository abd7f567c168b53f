"""The verbs that look at the company file and write what is written from declarations."""

from __future__ import annotations

import argparse
import json
from pathlib import Path


def check(arguments: argparse.Namespace) -> int:
    """read the company file with all it names, and list everything that is wrong"""
    from trueup import settings
    from trueup.alerts import route_remarks
    from trueup.company import company_file, full_check, remarks, unlisted_feeds, workspace
    from trueup.errors import CompanyFileError

    config = settings.read()
    found = full_check.look(config.company_file)
    if found.problems or found.secrets:
        raise CompanyFileError(config.company_file, found.problems, found.secrets)
    chosen = company_file.read(config.company_file)
    sources = f"{len(chosen.sources)} source{'' if len(chosen.sources) == 1 else 's'}"
    print(f"{config.company_file}: {chosen.title}, {sources}, all well")
    found_odd = remarks.lines(chosen, config.company_file.parent)
    for line in (*found_odd, *route_remarks.lines(chosen.alerts)):
        print(f"remark: {line}")
    for line in unlisted_feeds.lines(workspace.current()):
        print(line)
    return 0


def schema(arguments: argparse.Namespace) -> int:
    """export the company file's JSON Schema, for editors"""
    from trueup.company import company_file

    text = json.dumps(company_file.json_schema(), indent=2) + "\n"
    if arguments.file:
        Path(arguments.file).write_text(text, encoding="utf-8")
    else:
        print(text, end="")
    return 0


def docs(arguments: argparse.Namespace) -> int:
    """write what is written from declarations: contracts of staging models, tables of the pages"""
    from trueup import settings
    from trueup.build import contracts, mart_pages
    from trueup.sources import reference

    config = settings.read()
    docs = config.project / "docs"
    written = [
        *contracts.files(config.dbt_project),
        *reference.files(docs),
        *mart_pages.files(docs, config.dbt_project),
    ]
    for path, text in written:
        path.write_text(text, encoding="utf-8")
        print(path)
    return 0
