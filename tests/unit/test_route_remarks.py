"""Routes that no incident can take are reported by `trueup check`."""

from __future__ import annotations

from pathlib import Path

import yaml

from trueup.alerts import route_remarks
from trueup.company.alerting import Alerts

EXPECTATIONS = Path(__file__).parents[2] / "expectations"


def remarks(*routes: dict[str, object]) -> list[str]:
    wall = {"type": "alertmanager", "base_url": "http://wall:9093"}
    content = {"receivers": {"wall": wall}, "routes": [{**one, "to": ["wall"]} for one in routes]}
    return list(route_remarks.lines(Alerts.model_validate(content)))


def test_an_owner_or_a_cause_that_nothing_has_is_named_with_what_there_is():
    assert remarks(
        {"owner": "marketing"}, {"family": "tag_partial", "severity": "page"}, {}
    ) == []  # fmt: skip
    assert remarks({}, {"owner": "finance"}, {"family": "tag_partiel"}) == [
        "alerts.routes.1.owner: no incident is finance's, so nobody hears by this route; owners"
        " are data, marketing, sales, web",
        "alerts.routes.2.family: no cause is called tag_partiel, so nobody hears by this route;"
        " is tag_partial meant?",
    ]


def test_every_owner_of_a_suite_can_be_routed_to():
    owners = {
        one["meta"]["owner"]
        for file in EXPECTATIONS.rglob("*.yml")
        for one in yaml.safe_load(file.read_text("utf-8"))["expectations"]
        if "owner" in one.get("meta", {})
    }
    assert owners and owners <= set(route_remarks.OWNERS)
