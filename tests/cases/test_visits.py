"""Cases of where a visit came from: links, click ids, referrers and words, all in one build."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any, NamedTuple

import pytest

from cases.small_company import SmallCompany
from contract.ga4_property import event, write_events

SITE = "https://www.example.com"
MORNING = datetime(2026, 9, 2, 8, tzinfo=UTC)


class Page(NamedTuple):
    """A page a visitor saw: where, what was before it, what the tag collected of the link; `visit`
    counts the visits of the browser, and the property may call the page before unwanted."""

    path: str = "/"
    referrer: str | None = None
    collected: dict[str, str] | None = None
    last_click: dict[str, Any] | None = None
    visit: int = 1
    site: str = SITE
    is_unwanted: bool = False


class Origin(NamedTuple):
    """What a visit reads as."""

    channel: str
    source: str
    medium: str
    campaign_id: str | None = None
    kind: str | None = None


def utm(source: str, medium: str | None = None, **more: str) -> dict[str, str]:
    words = {"manual_source": source} | ({"manual_medium": medium} if medium else {})
    return words | {f"manual_{name}": value for name, value in more.items()}


GOOGLE = "https://www.google.com/"
GOOGLE_APP = "android-app://com.google.android.googlequicksearchbox"
SEARCHED = Origin("organic_search", "google", "organic")
DIRECT = Origin("direct", "(direct)", "(none)")
NEWS = Origin("email", "news", "email")

#: Of each browser: the pages it saw, and how its first visit reads.
VISITS: dict[str, tuple[list[Page], Origin]] = {
    # The five cases
    "C1": (
        [Page("/?gad_source=1&gad_campaignid=777&gbraid=0AAAA", GOOGLE, last_click={
            "google_ads_campaign": {"campaign_id": "777"},
            "cross_channel_campaign": {
                "source": "google", "medium": "cpc", "campaign_id": "777"}})],
        Origin("paid_search", "google", "cpc", "777", "gbraid"),
    ),
    "C2": ([Page("/?msclkid=abc", "https://www.bing.com/")],
           Origin("paid_search", "bing", "cpc", None, "msclkid")),
    "C3": ([Page("/", GOOGLE),
            Page("/?utm_source=home", f"{SITE}/", utm("home"))], SEARCHED),
    "C4": ([Page("/", f"{GOOGLE_APP}/")], SEARCHED),
    "C5": ([Page("/", GOOGLE),
            Page("/pay", f"{SITE}/", visit=2, site="https://checkout.example.com")], SEARCHED),
    # Click ids, however they are written
    "upper case": ([Page("/?GCLID=Cj0A&X=1", GOOGLE)],
                   Origin("paid_search", "google", "cpc", None, "gclid")),
    "encoded name": ([Page("/?utm%5Fsource=news&utm%5Fmedium=email")],
                     Origin("email", "news", "email")),
    "fragment": ([Page("/#/shop?msclkid=abc")],
                 Origin("paid_search", "bing", "cpc", None, "msclkid")),
    "fragment words": ([Page("/#utm_source=news&utm_medium=email")],
                       Origin("email", "news", "email")),
    "ampersand": ([Page("/?a=b&amp;wbraid=1", GOOGLE)],
                  Origin("paid_search", "google", "cpc", None, "wbraid")),
    "wholly encoded": ([Page("/%3Futm_source%3Dnews%26utm_medium%3Demail")],
                       Origin("email", "news", "email")),
    "repeated": ([Page("/?utm_source=news&utm_medium=email&utm_source=other")],
                 Origin("email", "news", "email")),
    "first is empty": ([Page("/?utm_source=&utm_source=news&utm_medium=email")],
                       Origin("email", "news", "email")),
    "placeholder": ([Page("/?gclid={gclid}&utm_source={{site}}", GOOGLE)], SEARCHED),
    "a Microsoft click through Google's tool": (
        [Page("/?gclid=3p.x&gclsrc=3p.ds&msclkid=abc", "https://www.bing.com/",
              {"gclid": "3p.x"})],
        Origin("paid_search", "bing", "cpc", None, "msclkid")),
    "organic words beside a click id": (
        [Page("/?gclid=Cj0B", GOOGLE, utm("google", "organic", campaign_name="(organic)")
              | {"gclid": "Cj0B"})],
        Origin("paid_search", "google", "cpc", None, "gclid")),
    "campaign by the linked account": (
        [Page("/?gclid=Cj0C", GOOGLE, last_click={"google_ads_campaign": {"campaign_id": "888"}})],
        Origin("paid_search", "google", "cpc", "888", "gclid")),
    "remembered campaign": (
        [Page("/", last_click={"google_ads_campaign": {"campaign_id": "888"},
              "cross_channel_campaign": {"source": "google", "medium": "cpc"}})], DIRECT),
    "gad_source alone": ([Page("/?gad_source=1", GOOGLE)],
                         Origin("paid_search", "google", "cpc", None, "gad_source")),
    "gad_campaignid alone": ([Page("/?gad_campaignid=779", GOOGLE)],
                             Origin("paid_search", "google", "cpc", "779", "gad_campaignid")),
    "srsltid": ([Page("/?srsltid=AfmB")],
                Origin("organic_search", "google", "organic", None, "srsltid")),
    "srsltid and gclid": ([Page("/?srsltid=AfmB&gclid=Cj0D", GOOGLE)],
                          Origin("paid_search", "google", "cpc", None, "gclid")),
    "ttclid": ([Page("/?ttclid=E.C.P", "https://www.tiktok.com/")],
               Origin("paid_social", "tiktok", "cpc", None, "ttclid")),
    "li_fat_id": ([Page("/?li_fat_id=1-2")],
                  Origin("paid_social", "linkedin", "cpc", None, "li_fat_id")),
    "ScCid": ([Page("/?ScCid=7b3a")], Origin("paid_social", "snapchat", "cpc", None, "sccid")),
    "ysclid": ([Page("/?ysclid=lx", "https://ya.ru/")],
               Origin("organic_search", "yandex", "organic", None, "ysclid")),
    "newsletter": ([Page("/?mc_cid=1&mc_eid=2", "https://mail.google.com/")],
                   Origin("email", "mailchimp", "email", None, "mc_cid")),
    "newsletter of a shop's tool": ([Page("/?omnisendContactID=6")],
                                    Origin("email", "omnisend", "email", None,
                                           "omnisendcontactid")),
    "newsletter of a large system": (
        [Page("/?sfmc_sub=6&sfmc_j=1", "https://outlook.live.com/")],
        Origin("email", "marketing_cloud", "email", None, "sfmc_sub")),
    "fbclid": ([Page("/?fbclid=Iw", "https://l.facebook.com/")],
               Origin("organic_social", "l.facebook.com", "referral", None, "fbclid")),
    # Pages before
    "country's engine": ([Page("/", "https://www.google.co.uk/")], SEARCHED),
    "not an engine": ([Page("/", "https://google.phish.example/")],
                      Origin("referral", "google.phish.example", "referral")),
    "mail is no search": ([Page("/", "https://mail.google.com/mail/u/0/")],
                          Origin("referral", "mail.google.com", "referral")),
    "engine's app": ([Page("/", f"{GOOGLE_APP}/https/www.google.com")], SEARCHED),
    "ios app": ([Page("/", "ios-app://284815942/http/example.com")], SEARCHED),
    "app of another": ([Page("/", "android-app://com.slack/")],
                       Origin("referral", "slack", "referral")),
    "unknown app": ([Page("/", "android-app://pt.example.news")],
                    Origin("referral", "pt.example.news", "referral")),
    "assistant": ([Page("/", "https://chatgpt.com/")],
                  Origin("ai", "chatgpt.com", "ai-assistant")),
    "assistant by its word": ([Page("/?utm_source=chatgpt.com")],
                              Origin("ai", "chatgpt.com", "ai-assistant")),
    "assistant of an engine": ([Page("/", "https://gemini.google.com/")],
                               Origin("ai", "gemini.google.com", "ai-assistant")),
    "assistant by its name": ([Page("/?utm_source=chatgpt")],
                              Origin("ai", "chatgpt", "ai-assistant")),
    "assistant by another name": ([Page("/?utm_source=Gemini&utm_medium=referral")],
                                  Origin("ai", "gemini", "ai-assistant")),
    "an ad network of an assistant's name": (
        [Page("/?utm_source=gemini&utm_medium=cpc")], Origin("paid_social", "gemini", "cpc")),
    "assistant under its new host": ([Page("/", "https://claude.com/")],
                                     Origin("ai", "claude.ai", "ai-assistant")),
    "assistant of a portal": ([Page("/", "https://ernie.baidu.com/")],
                              Origin("ai", "yiyan.baidu.com", "ai-assistant")),
    "an engine of phones": ([Page("/", "https://petalsearch.com/")],
                            Origin("organic_search", "petalsearch", "organic")),
    "payment": ([Page("/thank-you", "https://www.paypal.com/")], DIRECT),
    "payment of a country": ([Page("/thank-you", "https://checkout.klarna.se/")], DIRECT),
    "payment of another continent": (
        [Page("/thank-you", "https://standard.paystack.co/")], DIRECT),
    "payment of a small country": ([Page("/thank-you", "https://secure.barion.com/")], DIRECT),
    "payment page nobody knows": ([Page("/thank-you", "https://pay.bank.example/")], DIRECT),
    "payment page with a dash": (
        [Page("/thank-you", "https://payment-page.bank.example/")], DIRECT),
    "payment page of a portal": ([Page("/thank-you", "https://pay.naver.com/")], DIRECT),
    "a site about payments": ([Page("/", "https://payments.example/")],
                              Origin("referral", "payments.example", "referral")),
    "a bank's word for who it is": ([Page("/thank-you", "https://idp.bankid.com/")], DIRECT),
    "login": ([Page("/account", "https://accounts.google.com/")], DIRECT),
    "own shop": ([Page("/", "https://shop.example.com/")], DIRECT),
    "own, in the file": ([Page("/", "https://blog.example.net/")], DIRECT),
    "own, encoded": ([Page("/", "https://xn--bcher-kva.example/")], DIRECT),
    "own, with a port": ([Page("/", "https://WWW.Example.com:443/x")], DIRECT),
    # Words of the company's own pages
    "banner in a direct visit": (
        [Page("/"), Page("/?utm_source=home&utm_medium=email", f"{SITE}/", utm("home", "email"))],
        DIRECT),
    "banner of a sister site": (
        [Page("/", GOOGLE), Page("/?utm_source=blog&utm_medium=email", "https://blog.example.net/",
                                 utm("blog", "email"))], SEARCHED),
    "a mail in a visit": (
        [Page("/"), Page("/?utm_source=news&utm_medium=email", None, utm("news", "email"))],
        Origin("email", "news", "email")),
    "an app's word before the link's": (
        [Page("/", "android-app://com.google.android.gm/", utm("google")),
         Page("/?utm_source=adobe&utm_medium=email", None, utm("adobe", "email"))],
        Origin("email", "adobe", "email")),
    "an app's word alone": ([Page("/", "android-app://com.google.android.gm/", utm("google"))],
                            Origin("referral", "gmail", "referral")),
    "two clicks in one link": ([Page("/?fbclid=Iw&gclid=Cj0E", GOOGLE)],
                               Origin("paid_search", "google", "cpc", None, "gclid")),
    "twice encoded": ([Page("/?utm_source=news&utm_medium=email&utm_campaign=Spring%2520Sale")],
                      Origin("email", "news", "email")),
    "another tool's words": ([Page("/?mtm_source=news&mtm_medium=email")],
                             Origin("email", "news", "email")),
    "an affiliate": ([Page("/?irclickid=x", "https://coupons.example/")],
                     Origin("affiliates", "impact", "affiliate", None, "irclickid")),
    "a short link": ([Page("/", "https://t.co/abc")], Origin("referral", "t.co", "referral")),
    "medium alone": ([Page("/?utm_medium=email")], Origin("email", "(not set)", "email")),
    # An engine's owner has other pages
    "finance page of an engine's owner": (
        [Page("/", "https://finance.yahoo.com/")],
        Origin("referral", "finance.yahoo.com", "referral")),
    "an engine by its country": ([Page("/", "https://malaysia.search.yahoo.com/")],
                                 Origin("organic_search", "yahoo", "organic")),
    "a blog at a portal": ([Page("/", "https://m.blog.naver.com/x/1")],
                           Origin("referral", "m.blog.naver.com", "referral")),
    "a search at a portal": ([Page("/", "https://m.search.naver.com/search.naver")],
                             Origin("organic_search", "naver", "organic")),
    "an engine's news": ([Page("/", "https://news.google.com/")], SEARCHED),
    "an engine's tools": ([Page("/", "https://lookerstudio.google.com/")],
                          Origin("referral", "lookerstudio.google.com", "referral")),
    "a mail provider's engine": ([Page("/", "https://go.mail.ru/search")],
                                 Origin("organic_search", "mail.ru_search", "organic")),
    "an engine without scripts": ([Page("/", "https://html.duckduckgo.com/html/")],
                                  Origin("organic_search", "duckduckgo", "organic")),
    "an engine of many subdomains": ([Page("/", "https://yz.m.sm.cn/s?q=x")],
                                     Origin("organic_search", "sm.cn", "organic")),
    "not an engine's country": ([Page("/", "https://google.co.xyz/")],
                                Origin("referral", "google.co.xyz", "referral")),
    "an app of an engine's owner": ([Page("/", "android-app://com.google.earth/")],
                                    Origin("referral", "com.google.earth", "referral")),
    # Assistants and their ads
    "assistant in a browser's side": ([Page("/", "https://edgeservices.bing.com/")],
                                      Origin("ai", "copilot.microsoft.com", "ai-assistant")),
    "assistant of a mail provider": ([Page("/", "https://lumo.proton.me/")],
                                     Origin("ai", "lumo.proton.me", "ai-assistant")),
    "assistant's answer, grounded": (
        [Page("/", "https://vertexaisearch.cloud.google.com/")],
        Origin("ai", "gemini.google.com", "ai-assistant")),
    "assistant by a short word": ([Page("/?utm_source=perplexity")],
                                  Origin("ai", "perplexity", "ai-assistant")),
    "an ad of an assistant": ([Page("/?oppref=gAAAAA", "https://chatgpt.com/")],
                              Origin("paid_social", "chatgpt.com", "cpc", None, "oppref")),
    "an affiliate, shorter": ([Page("/?irclid=x", "https://coupons.example/")],
                              Origin("affiliates", "impact", "affiliate", None, "irclid")),
    "assistant by its word, and a browser's": (
        [Page("/?utm_source=chatgpt.com&utm_medium=referral", None,
              utm("chatgpt.com", "referral"))], Origin("ai", "chatgpt.com", "ai-assistant")),
    "an ad of an assistant, by its words": (
        [Page("/?utm_source=chatgpt.com&utm_medium=cpc")],
        Origin("paid_social", "chatgpt.com", "cpc")),
    # Words that a system wrote in its own way
    "a word as often as it came": (
        [Page("/?utm_source=google&utm_source=google&utm_medium=cpc", None,
              utm("google,google", "cpc, cpc"))], Origin("paid_search", "google", "cpc")),
    "two words are two": ([Page("/?utm_source=news,letters&utm_medium=email")],
                          Origin("email", "news,letters", "email")),
    "an engine by its page": ([Page("/?utm_source=www.google.com&utm_medium=cpc")],
                              Origin("paid_search", "google", "cpc")),
    "an engine by its address": (
        [Page("/", None, utm("https://www.bing.com/", "cpc"))],
        Origin("paid_search", "bing", "cpc")),
    "a site by its page": ([Page("/?utm_source=www.Portal.example&utm_medium=referral")],
                           Origin("referral", "portal.example", "referral")),
    "a campaign of number 0": (
        [Page("/?gad_source=1&gad_campaignid=0&gclid=Cj0G", GOOGLE)],
        Origin("paid_search", "google", "cpc", None, "gclid")),
    "a campaign of number 0 alone": (
        [Page("/?gad_campaignid=0", GOOGLE)],
        Origin("paid_search", "google", "cpc", None, "gad_campaignid")),
    "a number of no campaign in words": (
        [Page("/?utm_source=news&utm_medium=email&utm_id=0")],
        Origin("email", "news", "email")),
    # Pages through which nothing but clicks on ads goes
    "an ad whose click id was lost": ([Page("/", "https://www.googleadservices.com/")],
                                      Origin("paid_search", "google", "cpc")),
    "an ad of a search partner": ([Page("/", "https://syndicatedsearch.goog/")],
                                  Origin("paid_search", "google", "cpc")),
    "an ad on another page": ([Page("/", "https://googleads.g.doubleclick.net/")],
                              Origin("display", "google", "display")),
    "an ad of another server": ([Page("/", "https://ad.doubleclick.net/")],
                                Origin("display", "dfa", "display")),
    # The site's own pages, shown by another
    "own page, translated": (
        [Page("/?_x_tr_sl=pt", "https://www-example-com.translate.goog/")], DIRECT),
    "landed on it": (
        [Page("/", GOOGLE, site="https://www-example-com.translate.goog"),
         Page("/rooms", "https://www-example-com.translate.goog/")], SEARCHED),
    "own page, as an engine's copy": (
        [Page("/", "https://www-example-com.cdn.ampproject.org/v/s/www.example.com/")], DIRECT),
    "own page with a dash, translated": (
        [Page("/", "https://www-sea--view-example.translate.goog/",
              site="https://www.sea-view.example")], DIRECT),
    "another site's page, translated": (
        [Page("/", "https://news-rival-example.translate.goog/")],
        Origin("referral", "news.rival.example", "referral")),
    "own page, made fast by an engine": (
        [Page("/", "https://www-example-com.turbopages.org/")], DIRECT),
    "another site's page, made fast": (
        [Page("/", "https://news-rival-example.turbopages.org/news-rival.example/s/x")],
        Origin("referral", "news.rival.example", "referral")),
    # A translator whose address says of which page
    **{f"own page, translated: {page[8:24]}": ([Page("/", page)], DIRECT) for page in (
        "https://translate.googleusercontent.com/translate_c?hl=pt&u=https://www.example.com/x",
        "https://translate.google.com/translate?sl=en&u=https%3A%2F%2Fwww.example.com%2F&tl=pt",
        "https://papago.naver.net/website?locale=ko&source=en&url=https%3A%2F%2Fexample.com%2Fx",
        "https://translate.yandex.ru/translate?lang=en-ru&url=http://www.example.com/",
        "https://translated.turbopages.org/proxy_u/en-ru.ru.1/https/www.example.com/x",
        "https://www.translatetheweb.com/?from=en&to=pt&a=https%3A%2F%2Fwww.example.com")},
    "another site's page, by a translator": (
        [Page("/", "https://papago.naver.net/website?url=https%3A%2F%2Fnews.rival.example%2Fx")],
        Origin("referral", "news.rival.example", "referral")),
    "a translator that says no more": (
        [Page("/", "https://translate.googleusercontent.com/")],
        Origin("referral", "translate.googleusercontent.com", "referral")),
    "another translator that says no more": (
        [Page("/", "https://papago.naver.net/")],
        Origin("referral", "papago.naver.net", "referral")),
    "a page about translations": (
        [Page("/", "https://translators.example/?u=https://www.google.com/")], SEARCHED),
    # Click ids of several platforms
    "the click the page before names": (
        [Page("/?gclid=Cj0J&ttclid=E.C.1", "https://www.tiktok.com/", {"gclid": "Cj0J"})],
        Origin("paid_social", "tiktok", "cpc", None, "ttclid")),
    "the click the page before names, of two": (
        [Page("/?ttclid=E.C.2&gad_source=1&gad_campaignid=778", GOOGLE)],
        Origin("paid_search", "google", "cpc", "778", "gad_source")),
    "the click the link's source names": (
        [Page("/?utm_source=TikTok&utm_medium=cpc&gclid=Cj0K&ttclid=E.C.3", None,
              utm("TikTok", "cpc") | {"gclid": "Cj0K"})],
        Origin("paid_social", "tiktok", "cpc", None, "ttclid")),
    "the click a short link names": (
        [Page("/?msclkid=m1&twclid=t1", "https://t.co/x")],
        Origin("paid_social", "twitter", "cpc", None, "twclid")),
    "an ad's address that was shared": (
        [Page("/?gclid=Cj0L&fbclid=Iw2", "https://l.facebook.com/", {"gclid": "Cj0L"})],
        Origin("organic_social", "l.facebook.com", "referral", None, "fbclid")),
    "an ad's address that was shared, without a page before": (
        [Page("/?gclid=Cj0M&fbclid=Iw3", None, {"gclid": "Cj0M"})],
        Origin("paid_search", "google", "cpc", None, "gclid")),
    "a campaign of another platform than the click": (
        [Page("/?gad_campaignid=779&ttclid=E.C.4", "https://www.tiktok.com/")],
        Origin("paid_social", "tiktok", "cpc", None, "ttclid")),
    "a remembered campaign of another platform": (
        [Page("/?ttclid=E.C.5", None, last_click={
            "google_ads_campaign": {"campaign_id": "888"},
            "cross_channel_campaign": {"source": "google", "medium": "cpc"}})],
        Origin("paid_social", "tiktok", "cpc", None, "ttclid")),
    # Banks ask for a code
    "a bank's code": ([Page("/thank-you", "https://acs2.bank.example/")], DIRECT),
    "a bank's code by its scheme": ([Page("/thank-you", "https://3ds-acs.bank.example/")], DIRECT),
    "a bank's code of a country": ([Page("/thank-you", "https://www.securesuite.co.uk/")], DIRECT),
    "a society, no bank": ([Page("/", "https://acs.org/")],
                           Origin("referral", "acs.org", "referral")),
    "a bank that pays for the shop": ([Page("/thank-you", "https://online.mbank.pl/")], DIRECT),
    "a page the property calls unwanted": (
        [Page("/thank-you", "https://lender.example/", is_unwanted=True)], DIRECT),
    # Sites under an ending of two labels, and services that host many
    "own main site without a tag": (
        [Page("/", "https://www.harbour.co.uk/", site="https://shop.harbour.co.uk")], DIRECT),
    "another site of the ending": (
        [Page("/", "https://www.rival.co.uk/", site="https://shop.harbour.co.uk")],
        Origin("referral", "rival.co.uk", "referral")),
    "an ad in a visit, under the ending": (
        [Page("/", site="https://shop.harbour.co.uk"),
         Page("/?gclid=Cj0F", "https://www.google.co.uk/", {"gclid": "Cj0F"},
              site="https://shop.harbour.co.uk")],
        Origin("paid_search", "google", "cpc", None, "gclid")),
    "a neighbour at the shop's host": (
        [Page("/", "https://other.myshopify.com/", site="https://harbour.myshopify.com")],
        Origin("referral", "other.myshopify.com", "referral")),
    # Words nobody meant, as GA4 collects them
    "collected placeholder": (
        [Page("/?utm_source={{site_source_name}}&utm_medium={{placement}}", GOOGLE,
              utm("{{site_source_name}}", "{{placement}}"))], SEARCHED),
    "collected undefined": (
        [Page("/?utm_source=undefined&utm_medium=undefined", GOOGLE,
              utm("undefined", "undefined"))], SEARCHED),
    "collected word for no click": (
        [Page("/?gclid=undefined", GOOGLE, {"gclid": "undefined"})], SEARCHED),
    "collected not set": ([Page("/", GOOGLE, utm("(not set)", "(not set)"))], SEARCHED),
    "collected, data deleted": (
        [Page("/", GOOGLE, utm("(data deleted)", "(data deleted)"))], SEARCHED),
    "collected direct": ([Page("/", GOOGLE, utm("(direct)", "(none)"))], SEARCHED),
    "a mail's tag": ([Page("/?utm_source=*|LIST:NAME|*&utm_medium=email")],
                     Origin("email", "(not set)", "email")),
    # Pages before that are no site anybody was sent by
    **{f"no site: {page.partition('//')[0]} {page[-12:]}": ([Page("/", page)], DIRECT) for page in (
        "chrome-extension://abcdefabcdef/popup.html", "moz-extension://5f1c-aa/page",
        "safari-web-extension://5f1c-aa/page", "http://localhost:3000/", "http://127.0.0.1:8080/x",
        "http://192.168.1.20/intern", "http://203.0.113.9/", "http://intranet.local/",
        "http://intranet/", "blob:https://www.other.example/1-2", "capacitor://localhost/",
        "https://appassets.androidplatform.net/", "https://tagassistant.google.com/",
        "https://abc123.shopifypreview.com/", "https://admin.shopify.com/store/x")},
    "a machine's number on a site's name": (
        [Page("/", "https://10.0.0.5.rival.example/")],
        Origin("referral", "10.0.0.5.rival.example", "referral")),
    # What got around a word on its way
    **{f"around a word: {link}": ([Page(f"/?{link}")], NEWS) for link in (
        "utm_source=news&utm_medium=email/", "utm_source=news/&utm_medium=email",
        "utm_source=%22news%22&utm_medium='email'", "utm_source=news%E2%80%8B&utm_medium=email",
        "utm_source=news&utm_medium=email,", "utm_source=news&utm_medium=email)",
        "utm_source=news&utm_medium=email%3E", "utm_source=news;utm_medium=email",
        "utm_source=news\\u0026utm_medium=email",
        "utm_source%253Dnews%2526utm_medium%253Demail")},
    "collected with a slash": (
        [Page("/?utm_source=news&utm_medium=email/", None, utm("news", "email/"))],
        Origin("email", "news", "email")),
    "a click id with a slash": ([Page("/?gclid=Cj0H/", GOOGLE)],
                                Origin("paid_search", "google", "cpc", None, "gclid")),
    # Links that were put together wrongly
    "second question mark": (
        [Page("/?hvid=1CaQtt?utm_source=news&utm_medium=email", None, {"manual_medium": "email"})],
        Origin("email", "news", "email")),
    "second question mark, encoded": (
        [Page("/?type=guest%3Futm_source%3Dmautic&utm_medium=email", None,
              {"manual_medium": "email"})], Origin("email", "mautic", "email")),
}  # fmt: skip


def begun(number: int, page: Page) -> datetime:
    """When the visit of the page began; each browser has a minute of its own."""
    return MORNING + timedelta(minutes=number, hours=page.visit - 1)


def events_of(browser: str, number: int, pages: list[Page]) -> list[dict[str, Any]]:
    events = []
    for step, page in enumerate(pages):
        at = begun(number, page) + timedelta(seconds=5 * step)
        params = [
            {"key": "ga_session_id", "value": {"int_value": 100 * number + page.visit}},
            {"key": "page_location", "value": {"string_value": page.site + page.path}},
        ]
        if page.referrer:
            params.append({"key": "page_referrer", "value": {"string_value": page.referrer}})
        if page.is_unwanted:
            params.append({"key": "ignore_referrer", "value": {"string_value": "true"}})
        row: dict[str, Any] = {
            "event_date": "20260902",
            "event_timestamp": int(at.timestamp()) * 1_000_000,
            "event_params": params,
            "user_pseudo_id": browser,
        }
        if page.collected:
            row["collected_traffic_source"] = page.collected
        if page.last_click:
            row["session_traffic_source_last_click"] = page.last_click
        events.append(event(**row))
    bought = {
        "event_name": "purchase",
        "event_timestamp": events[-1]["event_timestamp"] + 60_000_000,
        "ecommerce": {"transaction_id": f"T{number}", "purchase_revenue": 10.0},
    }
    params = [*events[-1]["event_params"], {"key": "currency", "value": {"string_value": "EUR"}}]
    return [*events, events[-1] | bought | {"event_params": params}]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> SmallCompany:
    folder = tmp_path_factory.mktemp("visits")
    small = SmallCompany(folder)
    small.sources["ga4"] = {
        "base_url": str(folder / "export"),
        "accounts": [{"id": "1", "time_zone": "Europe/Lisbon", "currency": "EUR"}],
    }
    small.more["own_domains"] = ["example.net", "bücher.example"]
    small.channels = [
        {"channel": "paid_search", "is_paid": True, "source": "google|bing", "medium": "cpc"},
        {"channel": "paid_social", "is_paid": True, "medium": "cpc"},
        {"channel": "organic_search", "medium": "organic"},
        {"channel": "email", "medium": "email"},
        {"channel": "affiliates", "is_paid": True, "medium": "affiliate"},
        {"channel": "ai", "medium": "ai-assistant"},
        {"channel": "organic_social", "source": r"(.*\.)?facebook(\.com)?"},
        {"channel": "referral", "medium": "referral"},
        {"channel": "direct", "source": r"\(direct\)"},
    ]
    small.goal(
        "sale", {"source": "files", "selector": "orders"}, {"source": "ga4", "selector": "purchase"}
    )
    small.feed(
        "till", "orders",
        "select _row, id as order_id, \"at\" as ordered_at, amount as amount_local,"
        " 'EUR' as currency_code from input",
        ["id,at,amount", *(
            f"T{number},{begun(number, pages[-1]) + timedelta(minutes=1):%Y-%m-%dT%H:%M:%SZ},10"
            for number, (pages, _) in enumerate(VISITS.values())
        )],
    )  # fmt: skip
    rows = [
        row
        for number, (browser, (pages, _)) in enumerate(VISITS.items())
        for row in events_of(browser, number, pages)
    ]
    write_events(folder / "export", "events_20260902.ndjson", rows)
    output = small.publish("2026-09-02")
    assert small.mart.exists(), output
    return small


@pytest.mark.parametrize("browser", VISITS)
def test_a_visit_reads_as(company: SmallCompany, browser: str):
    [found, *_] = company.query(
        "select channel, source, medium, campaign_id, click_id_kind from marts.fct_touches"
        f" where client_id = $${browser}$$ order by touch_at"
    )
    assert Origin(*found) == VISITS[browser][1]


@pytest.mark.parametrize("browser", ["C1", "C2", "C3", "C4", "C5"])
def test_the_sale_goes_to_where_the_visit_came_from(company: SmallCompany, browser: str):
    number = list(VISITS).index(browser)
    assert company.query(
        "select channel from marts.fct_attribution"
        f" where conversion_id = 'files:till:T{number}' and model = 'last_non_direct'"
    ) == [(VISITS[browser][1].channel,)]
