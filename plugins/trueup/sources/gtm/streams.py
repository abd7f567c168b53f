"""The one stream of gtm, and the pace its vendor asks for."""

from __future__ import annotations

from trueup.sources.contract import Column, Stream

API_VERSION = "v2"
#: A project may ask 0.25 times a second, counted over a sliding window of a hundred seconds.
PAUSE_SECONDS = 4.0
QUOTA_WINDOW_SECONDS = 100.0

SETTINGS = Stream(
    name="settings",
    shape="settings",
    kind="snapshot",
    history=True,
    columns=(
        Column("container_id", required=True),
        Column("version_id"),
        Column("object_type", required=True),
        Column("object_id", required=True),
        Column("object_name"),
        Column("setting", required=True),
        Column("value"),
        # What may be code, a secret or a person: its digest, hashed once more under the key.
        Column("hidden_value", pii="name"),
        # Tags and triggers that do not fire without this object: `tag 1; trigger 30`
        Column("needed_by"),
    ),
    key=("container_id", "object_type", "object_id", "setting"),
)
