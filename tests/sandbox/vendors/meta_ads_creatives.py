"""The ads Meta lists, each with its creative, and the fields of them that were asked for."""

from __future__ import annotations

import re
from typing import Any

from sandbox.desk import Desk
from sandbox.vendors.meta_ads_reports import ACCOUNT, NAMED

Rows = list[dict[str, Any]]

#: Every ad shows a film or a picture, and has its texts where Meta keeps them for its kind: in the
#: post the creative was made for, or in a feed of assets that Meta puts together itself.
ADS = f"""
select ads.ad_id::varchar as id, ad_name as name, ads.campaign_id::varchar as campaign_id,
    ads.ad_group_id::varchar as adset_id, ads.ad_id as number, headline, ad_text, final_url,
    case named.status when 'PAUSED' then 'CAMPAIGN_PAUSED' else named.status end
        as effective_status
from ads
inner join ({NAMED}) as named on ads.campaign_id = named.campaign_id
where ads.platform = 'meta_ads'
order by id
"""


def ads(desk: Desk, statuses: list[str]) -> list[dict[str, Any]]:
    return [
        {
            **{name: row[name] for name in ("id", "name", "campaign_id", "adset_id")},
            "account_id": ACCOUNT["account_id"],
            "status": "ACTIVE",
            "effective_status": row["effective_status"],
            "creative": _creative(row),
        }
        for row in desk.rows(ADS)
        if row["effective_status"] in statuses
    ]


def _creative(row: dict[str, Any]) -> dict[str, Any]:
    number, url = row["number"], row["final_url"]
    creative = {"id": str(number + 7 * 10**11), "object_type": "SHARE"}
    if number % 3 == 0:
        return creative | {
            "asset_feed_spec": {
                "titles": [{"text": row["headline"]}, {"text": "Open all year"}],
                "bodies": [{"text": row["ad_text"]}],
                "images": [{"hash": f"{number:032x}"}],
                "link_urls": [{"website_url": url}],
            }
        }
    if number % 3 == 1:
        film = {
            "video_id": str(number + 8 * 10**11),
            "title": row["headline"],
            "message": row["ad_text"],
            "call_to_action": {"type": "SHOP_NOW", "value": {"link": url}},
        }
        spec = {"page_id": "102030405060", "video_data": film}
        return creative | {"object_type": "VIDEO", "object_story_spec": spec}
    link = {
        "link": url,
        "name": row["headline"],
        "message": row["ad_text"],
        "image_hash": f"{number:032x}",
    }
    spec = {"page_id": "102030405060", "link_data": link}
    return creative | {"title": row["headline"], "body": row["ad_text"], "object_story_spec": spec}


def asked_for(rows: Rows, fields: str | list[str]) -> Rows:
    """`rows` with the fields asked for; those of an object stand in braces behind its name."""
    text = fields if isinstance(fields, str) else ",".join(fields)
    inner = {name: asked.split(",") for name, asked in re.findall(r"(\w+)\{([^}]*)\}", text)}
    outer = [*re.sub(r"\{[^}]*\}", "", text).split(","), "id"]
    return [
        {
            name: {key: part for key, part in value.items() if key in (*inner[name], "id")}
            if name in inner
            else value
            for name, value in row.items()
            if name in outer
        }
        for row in rows
    ]
