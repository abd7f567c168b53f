{#
    The site a host belongs to: its last two labels, three where the last two are an ending under
    which anybody registers (co.uk) or a service on which each customer has a site of their own
    (github.io). Null where a host has one label.
#}
{% macro host_site(host) -%}
    {%- set endings = "(?:com?|org|net|edu|gov|gob|ac|ne|or|go|gen|ltd|plc|me|sch|nhs|ind|web|in|id)[.][a-z]{2}" -%}
    {%- set shared = shared_sites() | join("|") ~ "|" ~ var("customer_sites") | join("|") -%}
    {%- set services = "(?:" ~ shared | replace(".", "[.]") ~ ")" -%}
    nullif(
        regexp_extract(
            {{ host }}, '([^.]+[.](?:{{ endings }}|{{ services }}|[^.]+))$', 1
        ),
        ''
    )
{%- endmacro %}

{# Services that give each customer a name below their own, beside those that sources are. #}
{% macro shared_sites() -%}
    {{ return([
        "mybigcommerce.com", "bigcartel.com", "wixsite.com", "webflow.io", "squarespace.com",
        "weebly.com", "wordpress.com", "blogspot.com", "tumblr.com", "ghost.io", "substack.com",
        "carrd.co", "notion.site", "framer.website", "github.io", "gitlab.io", "netlify.app",
        "vercel.app", "pages.dev", "workers.dev", "web.app", "firebaseapp.com", "herokuapp.com",
        "onrender.com", "azurewebsites.net", "cloudfront.net", "translate.goog",
        "cdn.ampproject.org", "google.com", "office.com", "sharepoint.com",
    ]) }}
{%- endmacro %}
