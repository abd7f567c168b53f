"""The advertising plan: every campaign of the demo company, what it costs and what it causes.

Moments are shares of the world's range, so that a short world has the same history as a
long one: with the default range 0.70 is mid-September, after the sandbox clock's start.
"""

from dataclasses import dataclass

GOOGLE, META = "google_ads", "meta_ads"
ACCOUNTS = {GOOGLE: "4711002200", META: "act_900100200"}
ZONES = {GOOGLE: "America/New_York", META: "Europe/Amsterdam"}
CURRENCIES = {GOOGLE: "USD", META: "GBP"}
SHOP_SITE = "https://shop.harbourhouse.example"
WEDDINGS_SITE = "https://weddings.harbourhouse.example"
CHECKOUT_SITE = "https://checkout.harbourhouse.example"
ROOMS_SITE = "https://rooms.harbourhouse.example"


@dataclass(frozen=True)
class Plan:
    """One campaign. Click cost in account currency; `weight` among those with its purpose."""

    platform: str
    campaign_id: int
    campaign_type: str
    purpose: str
    slug: str
    names: tuple[str, ...]  # first name, then the names it is renamed to
    kinds: tuple[str, ...]  # what its audience wants: shop, wedding, event
    true_effect: float  # share of its claimed conversions it really causes
    click_cost: float  # account currency per click
    click_rate: float  # clicks per impression
    landing: str  # final URL without its query
    ad_groups: tuple[str, ...]
    headlines: tuple[str, ...]  # one ad per headline in each ad group
    suffix: str = "utm"  # utm: all parameters; id: utm_id only; none: the click id alone
    weight: float = 1.0
    renamed_at: tuple[float, ...] = ()
    paused: tuple[float, float] | None = None
    removed_at: float | None = None


SHOP, ALL = ("shop",), ("shop", "wedding", "event")
PLANS = (
    Plan(
        GOOGLE, 20010000001, "SEARCH", "brand_search", "brand",
        ("Brand | Harbour House", "Brand | Harbour House | All countries"), ALL, 0.18, 0.55, 0.19,
        SHOP_SITE + "/", ("Brand exact", "Brand phrase"),
        ("Harbour House official site", "Harbour House by the sea"), renamed_at=(0.71,),
    ),
    Plan(
        GOOGLE, 20010000002, "SEARCH", "generic_search", "hampers-generic",
        ("Hampers | Generic", "Hampers & Gifts | Generic"), SHOP, 0.72, 1.45, 0.052,
        SHOP_SITE + "/collections/hampers", ("Food hampers", "Corporate gifts"),
        ("Hampers packed by the harbour", "Send a hamper in two days"), weight=1.3,
        renamed_at=(0.3,),
    ),
    Plan(
        GOOGLE, 20010000003, "SEARCH", "generic_search", "spa-generic", ("Spa passes | Generic",),
        SHOP, 0.66, 1.30, 0.047, SHOP_SITE + "/collections/spa", ("Spa day", "Spa voucher"),
        ("A day in the sea spa", "Spa passes from 60 euro"), paused=(0.24, 0.31),
    ),
    Plan(
        GOOGLE, 20010000004, "SEARCH", "generic_search", "summer-vouchers",
        ("Summer vouchers 2026",), SHOP, 0.62, 1.15, 0.041, SHOP_SITE + "/gift-vouchers",
        ("Gift vouchers",), ("Vouchers by e-mail today", "Give a weekend"), weight=0.6,
        removed_at=0.38,
    ),
    Plan(
        GOOGLE, 20010000005, "PERFORMANCE_MAX", "performance_max", "pmax-shop",
        ("PMax | Shop", "PMax | Shop | Autumn"), SHOP, 0.48, 0.95, 0.021,
        SHOP_SITE + "/collections/all", (), (), suffix="none", renamed_at=(0.69,),
    ),
    Plan(
        GOOGLE, 20010000006, "DISPLAY", "retargeting", "display-retargeting",
        ("Display | Retargeting 30d",), ALL, 0.16, 0.60, 0.006, SHOP_SITE + "/",
        ("Visitors 30 days",), ("Still thinking about it?", "Your basket is waiting"),
        suffix="none",
    ),
    Plan(
        GOOGLE, 20010000007, "SEARCH", "weddings_search", "weddings-venue", ("Weddings | Venue",),
        ("wedding",), 0.74, 3.60, 0.044, WEDDINGS_SITE + "/", ("Wedding venue", "Beach wedding"),
        ("Marry by the sea", "Weddings for 20 to 120 guests"),
    ),
    Plan(
        GOOGLE, 20010000008, "SEARCH", "weddings_search", "company-events", ("Company events",),
        ("event",), 0.68, 2.90, 0.039, WEDDINGS_SITE + "/company-events", ("Offsite venue",),
        ("Offsites with a sea view", "Company days, all included"), suffix="id",
    ),
    # What people met instead of a search or of all networks: no mix of journeys names these
    Plan(
        GOOGLE, 20010000009, "SHOPPING", "shopping", "shopping-hampers", ("Shopping | Hampers",),
        SHOP, 0.70, 0.85, 0.014, SHOP_SITE + "/products/harbour-hamper", ("All products",),
        ("Harbour hamper", "Chef's hamper"),
    ),
    Plan(
        GOOGLE, 20010000010, "VIDEO", "video", "video-harbour", ("Video | The harbour at dawn",),
        SHOP, 0.35, 0.42, 0.004, SHOP_SITE + "/", ("In-stream",), ("The harbour at dawn",),
    ),
    Plan(
        GOOGLE, 20010000011, "DEMAND_GEN", "demand_gen", "demandgen-gifts",
        ("Demand Gen | Gifts",), SHOP, 0.40, 0.55, 0.009, SHOP_SITE + "/collections/hampers",
        ("Gift seekers",), ("A hamper in your feed", "Packed this morning"), suffix="none",
    ),
    Plan(
        META, 120210000000000001, "OUTCOME_SALES", "prospecting", "meta-gifts-broad",
        ("Gifts | Broad",), SHOP, 0.64, 0.82, 0.012, SHOP_SITE + "/collections/hampers",
        ("PT + ES", "UK + IE"), ("Unboxing reel", "Chef's hamper carousel"), weight=1.2,
    ),
    Plan(
        META, 120210000000000002, "OUTCOME_SALES", "prospecting", "meta-gifts-lookalike",
        ("Gifts | Lookalike 2%", "Gifts | Lookalike 3%"), SHOP, 0.60, 0.88, 0.011,
        SHOP_SITE + "/collections/all", ("Buyers 180d",), ("Sea spa reel", "Gift finder"),
        renamed_at=(0.72,), paused=(0.5, 0.56),
    ),
    Plan(
        META, 120210000000000003, "OUTCOME_SALES", "prospecting", "meta-summer-spa",
        ("Summer spa reels",), SHOP, 0.61, 0.75, 0.013, SHOP_SITE + "/collections/spa",
        ("Sea spa",), ("Sunrise swim", "Two for one week"), weight=0.7, removed_at=0.42,
    ),
    Plan(
        META, 120210000000000004, "OUTCOME_SALES", "retargeting", "meta-retargeting",
        ("Retargeting | Visitors 14d", "Retargeting | Visitors and baskets 14d"), ALL, 0.22, 0.66,
        0.015, SHOP_SITE + "/", ("Visitors 14 days", "Baskets 7 days"),
        ("You left something behind", "Free delivery this week"), renamed_at=(0.45,),
    ),
    Plan(
        META, 120210000000000005, "OUTCOME_LEADS", "prospecting", "meta-weddings",
        ("Weddings | Engaged",), ("wedding", "event"), 0.63, 1.65, 0.009, WEDDINGS_SITE + "/",
        ("Engaged 25 to 40", "Planners"), ("Vows on the terrace", "See the venue in 30 seconds"),
    ),
)  # fmt: skip
