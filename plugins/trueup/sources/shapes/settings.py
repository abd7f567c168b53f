"""What vendors' accounts are set to."""

from __future__ import annotations

from trueup.sources.shapes.column_types import INSTANT, TEXT
from trueup.sources.shapes.declaration import Shape
from trueup.sources.shapes.declaration import ShapeColumn as Column

SETTINGS = Shape(
    "settings",
    "What a system is set to, object by object and setting by setting, as every load saw it. "
    "What a later load of the account does not list has gone.",
    ("account_id", "object_type", "object_id", "setting"),
    (
        Column("account_id", TEXT, "the account, property, portal, shop or container", True),
        Column("object_type", TEXT, "`account`, or what in it: `conversion action`, `tag`", True),
        Column("object_id", TEXT, "its id, unique within account and type", True),
        Column("object_name", TEXT, "what it was called then"),
        Column("setting", TEXT, "`time_zone`, `paused` or another", True),
        Column(
            "value",
            TEXT,
            "as the vendor writes it; `hidden` and a hash where it may be "
            "secret, code or a person; null where nobody says, which is no change",
        ),
        Column(
            "feeds",
            TEXT,
            "what goal mappings may call what the object feeds, between "
            "semicolons; `(conversion)` where it feeds one without a name",
        ),
        Column("observed_at", INSTANT, "when it was seen so", True),
        Column("changed_by", TEXT, "who set it so, where the vendor says; never an address"),
    ),
    is_witness=True,
    has_every_load=True,
)
