"""Parameters of links that tell of a click, as channel rules may name them.

What each proves stands in the seed `link_parameters` of the models; a test holds the two equal.
"""

from __future__ import annotations

from typing import Literal

ClickIdKind = Literal[
    "gad_campaignid", "sv_campaign_id", "msclkid", "gclid", "gbraid", "wbraid", "ttclid",
    "li_fat_id", "twclid",
    "epik", "rdt_cid", "sccid", "sc_click_id", "yclid", "ymclid", "bd_vid", "qhclickid",
    "sznclid", "n_ad", "n_keyword_id", "rb_clickid", "ldtag_cl", "qclid", "ndclid", "dicbo",
    "obclid", "ob_click_id", "tblci", "cto_pld", "auctid", "rtbhc", "vmcid", "awclid", "aleid",
    "oppref", "dclid", "gad_source", "gad", "ef_id", "s_kwcid", "irclickid", "irclid", "irgwc",
    "awc", "cjevent", "ransiteid", "sscid", "clickref", "tduid", "admitad_uid", "zanpid",
    "rfsn", "srsltid", "ysclid", "napm", "mc_cid", "mc_eid", "_hsenc", "_hsmi", "mkt_tok",
    "_kx", "_ke", "vero_id", "ml_subscriber", "ck_subscriber_id", "dm_i", "bsft_clkid",
    "elqtrackid", "oly_enc_id", "vgo_ee", "__s", "omnisendcontactid", "sfmc_sub", "sfmc_j",
    "sfmc_id", "et_rid", "inf_contact_key", "trk_contact", "_bta_tid", "bsft_eid",
    "ml_subscriber_hash", "vero_conv", "oly_anon_id", "spmailingid", "fbclid", "igshid", "igsh",
]  # fmt: skip
