"""What a Meta ad shows and says, wherever its creative has it.

A creative made for one post has its texts in the post, one that Meta puts together itself has lists
of them in a feed of assets, and an old one has them as fields of its own.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from trueup import redaction

#: What is asked of every ad.
AD_FIELDS = ("account_id", "id", "name", "campaign_id", "adset_id", "effective_status")
CREATIVE_FIELDS = (
    "id", "title", "body", "object_type", "link_url", "object_url", "image_hash", "video_id",
    "object_story_spec", "asset_feed_spec",
)  # fmt: skip
FIELDS = ",".join((*AD_FIELDS, f"creative{{{','.join(CREATIVE_FIELDS)}}}"))
#: The kinds of post a creative may be made for.
_POSTS = ("link_data", "video_data", "photo_data", "template_data", "text_data")


def row(ad: dict[str, Any]) -> dict[str, Any]:
    """An ad as a row of the stream `ads`: what it cannot do without stays missing where it is."""
    creative = _object(ad.get("creative"))
    feed, post = _object(creative.get("asset_feed_spec")), _post(creative)
    return {
        **{name: ad[name] for name in AD_FIELDS if name in ad},
        "creative_id": _text([creative.get("id")]),
        "object_type": _text([creative.get("object_type")]),
        "asset_id": _first(_assets(creative, post, feed)),
        "headline": _text(_listed(feed, "titles", "text"))
        or _text([post.get("name")])
        or _text([post.get("title")])
        or _text(_listed(post, "child_attachments", "name"))
        or _text([creative.get("title")]),
        "description": _text(_listed(feed, "bodies", "text"))
        or _text([post.get("message")])
        or _text([creative.get("body")]),
        "landing_url": _first(_pages(creative, post, feed)),
    }


def _assets(creative: dict[str, Any], post: dict[str, Any], feed: dict[str, Any]) -> Iterator[Any]:
    """A film before the picture that stands for it."""
    yield creative.get("video_id")
    yield post.get("video_id")
    yield from _listed(feed, "videos", "video_id")
    yield creative.get("image_hash")
    yield post.get("image_hash")
    yield from _listed(feed, "images", "hash")


def _pages(creative: dict[str, Any], post: dict[str, Any], feed: dict[str, Any]) -> Iterator[Any]:
    button = _object(_object(post.get("call_to_action")).get("value"))
    yield from _listed(feed, "link_urls", "website_url")
    yield post.get("link")
    yield button.get("link")
    yield creative.get("link_url")
    yield creative.get("object_url")


def _post(creative: dict[str, Any]) -> dict[str, Any]:
    spec = _object(creative.get("object_story_spec"))
    return next((_object(spec[kind]) for kind in _POSTS if isinstance(spec.get(kind), dict)), {})


def _listed(feed: dict[str, Any], name: str, field: str) -> list[Any]:
    found = feed.get(name)
    return [_object(one).get(field) for one in found] if isinstance(found, list) else []


def _object(value: Any) -> dict[str, Any]:
    return value if isinstance(value, dict) else {}


def _text(values: list[Any]) -> str | None:
    """The texts among `values` with ` | ` between them, without anybody's address or number."""
    texts = [value.strip() for value in values if isinstance(value, str) and value.strip()]
    return redaction.clean(" | ".join(texts)) or None


def _first(values: Iterator[Any]) -> str | None:
    return next((value for value in values if isinstance(value, str) and value), None)
