"""The tables the world writes: their columns and types, and the key each file is sorted by.

Instants are naive UTC and end in `_at`; money is DECIMAL(18, 2) unless in micros; `known_at`
is the moment a vendor would first show the row. What a name does not say:

- `visits.channel`, `platform`, `campaign_id`, `ad_id`, `click_id` are the truth, even where
  the click id was lost; `utm_*` and `landing_page` are what survived. Unpaid social posts
  carry an fbclid too: `click_id_kind` without `platform`.
- `ad_clicks.visit_id` is null for clicks whose page never loaded.
- `orders.ga4_transaction_id` is null where GA4 saw no purchase or one without an id.
- `contacts.visit_id` is null for the contacts from before the start whose deal was still open.
- `enquiries` holds every form a contact sent in, `contacts` what it said the first time.
- `deal_stages` holds every change of a deal's stage or amount; `deals.visit_id` is the visit that
  ended in the enquiry the deal came of.
- `claims` holds every credit a platform's longest rules allow: a Meta click of 8 to 28 days
  ago beside a view of the last day, Google views beside its clicks of other conversions.
- `searches` are Google's unpaid results by day of the Pacific coast; `query` is null where it is so
  rare that Google tells none. `ad_search_terms.share` is of an ad's impressions, clicks and cost.
- `tag_versions.content` is a container's version as Tag Manager writes it, `tag_changes` what it
  changes in words.
- `system_settings.content` is what a system is set to from a moment on, as it writes it itself,
  `setting_changes` what somebody changed in words.
- `affiliate_transactions` holds what is to come too: a sale is pending before `validated_at` and
  has its first amounts before `amended_at`. `affiliate_costs` is the truth of what they cost.
- `reservations` are as they were made, `reservation_states` how each stood from a moment on;
  `room_payments.root_id` is the payment that a refund or a void takes back. `room_costs` is the
  truth of what agencies take.
- `server_sends` is each time a server sent an event; `verdict_reason` is why Google, which had
  taken it, did not keep it.
- `campaigns.true_effect` is the share of a campaign's headline claims it caused.
"""

AD = "platform varchar, account_id varchar, campaign_id bigint, ad_group_id bigint, ad_id bigint"
DELIVERY = "version integer, known_at timestamp, impressions bigint, clicks bigint, " \
    "cost_micros bigint"  # fmt: skip
CAUSE = "caused_by_platform varchar, caused_by_campaign_id bigint"
MONEY = "decimal(18, 2)"

# table: (columns, sort key)
TABLES: dict[str, tuple[str, str]] = {
    "people": (
        "person_id bigint, country varchar, time_zone varchar, analytics_consent boolean, "
        "ads_consent boolean, email varchar, phone varchar, first_name varchar, "
        "last_name varchar, client_id varchar, other_client_id varchar",
        "person_id",
    ),
    "campaigns": (
        "platform varchar, account_id varchar, campaign_id bigint, campaign_type varchar, "
        "utm_campaign varchar, purpose varchar, created_at timestamp, true_effect double",
        "platform, campaign_id",
    ),
    "campaign_versions": (
        "platform varchar, campaign_id bigint, campaign_name varchar, status varchar, "
        "valid_from timestamp, valid_to timestamp",
        "platform, campaign_id, valid_from",
    ),
    "ad_groups": (
        "platform varchar, campaign_id bigint, ad_group_id bigint, ad_group_name varchar",
        "platform, ad_group_id",
    ),
    "ads": (
        "platform varchar, campaign_id bigint, ad_group_id bigint, ad_id bigint, "
        "ad_name varchar, headline varchar, ad_text varchar, final_url varchar",
        "platform, ad_id",
    ),
    "ad_daily": (
        f"{AD}, ad_date date, {DELIVERY}",
        "platform, ad_date, campaign_id, ad_id, version",
    ),
    "account_daily": (
        f"platform varchar, account_id varchar, ad_date date, {DELIVERY}",
        "platform, ad_date, version",
    ),
    "visits": (
        "visit_id bigint, person_id bigint, visit_at timestamp, client_id varchar, "
        "ga_session_id bigint, channel varchar, platform varchar, campaign_id bigint, "
        "ad_group_id bigint, ad_id bigint, click_id varchar, click_id_kind varchar, "
        "click_id_lost boolean, utm_source varchar, utm_medium varchar, utm_campaign varchar, "
        "utm_content varchar, landing_page varchar, referrer varchar, device varchar, "
        "country varchar, analytics_consent boolean, ads_consent boolean",
        "visit_id",
    ),
    "ad_clicks": (
        f"click_id varchar, {AD}, person_id bigint, clicked_at timestamp, visit_id bigint",
        "clicked_at, click_id",
    ),
    "ad_views": (
        f"view_id bigint, {AD}, person_id bigint, viewed_at timestamp",
        "view_id",
    ),
    "orders": (
        "order_id bigint, order_name varchar, person_id bigint, visit_id bigint, "
        f"ordered_at timestamp, subtotal_amount {MONEY}, discount_amount {MONEY}, "
        f"shipping_amount {MONEY}, tax_amount {MONEY}, total_amount {MONEY}, "
        "presentment_currency varchar, presentment_rate double, landing_page varchar, "
        "referrer varchar, first_visit_id bigint, cancelled_at timestamp, is_test boolean, "
        f"ga4_transaction_id varchar, {CAUSE}, product_type varchar, life varchar, "
        f"edited_at timestamp, edited_amount {MONEY}, source_name varchar",
        "order_id",
    ),
    "order_updates": (
        "order_id bigint, updated_at timestamp, what varchar",
        "updated_at, order_id, what",
    ),
    "transactions": (
        "transaction_id bigint, order_id bigint, kind varchar, status varchar, gateway varchar, "
        f"moved_at timestamp, amount {MONEY}",
        "transaction_id",
    ),
    "disputes": (
        "dispute_id bigint, order_id bigint, initiated_at timestamp, finalized_at timestamp, "
        f"is_won boolean, amount {MONEY}",
        "dispute_id",
    ),
    "refunds": (
        f"refund_id bigint, order_id bigint, refunded_at timestamp, amount {MONEY}",
        "refund_id",
    ),
    "contacts": (
        "contact_id bigint, person_id bigint, created_at timestamp, visit_id bigint, "
        "form varchar, email varchar, phone varchar, first_name varchar, last_name varchar, "
        "gclid varchar, fbclid varchar, utm_source varchar, utm_medium varchar, "
        "utm_campaign varchar, archived_at timestamp",
        "contact_id",
    ),
    "contact_updates": (
        "contact_id bigint, updated_at timestamp, lifecycle_stage varchar",
        "updated_at, contact_id, lifecycle_stage",
    ),
    "enquiries": (
        "contact_id bigint, asked_at timestamp, visit_id bigint, form varchar, gclid varchar, "
        "fbclid varchar, utm_source varchar, utm_medium varchar, utm_campaign varchar",
        "contact_id, asked_at",
    ),
    "deals": (
        "deal_id bigint, contact_id bigint, deal_name varchar, pipeline varchar, "
        f"amount {MONEY}, currency_code varchar, created_at timestamp, archived_at timestamp, "
        f"visit_id bigint, {CAUSE}",
        "deal_id",
    ),
    "deal_stages": (
        f"deal_id bigint, stage varchar, entered_at timestamp, amount {MONEY}, "
        "currency_code varchar, closed_at timestamp, written_by varchar",
        "entered_at, deal_id, stage",
    ),
    "deal_contacts": ("deal_id bigint, contact_id bigint, label varchar", "deal_id, contact_id"),
    "crm_merges": (
        "kind varchar, primary_id bigint, other_id bigint, merged_id bigint, merged_at timestamp",
        "merged_at, merged_id",
    ),
    "activities": (
        "activity_id bigint, kind varchar, contact_id bigint, happened_at timestamp, "
        "created_at timestamp, completed_at timestamp, direction varchar",
        "activity_id",
    ),
    "ga4_events": (
        "event_id bigint, event_at timestamp, event_name varchar, visit_id bigint, "
        "client_id varchar, ga_session_id bigint, user_id varchar, page_location varchar, "
        "page_referrer varchar, page_title varchar, engagement_time_msec integer, "
        f"transaction_id varchar, value {MONEY}, tax {MONEY}, shipping {MONEY}, "
        "currency varchar, item_id varchar, item_name varchar, gclid varchar, "
        "manual_source varchar, manual_medium varchar, manual_campaign_name varchar, "
        "manual_campaign_id varchar, manual_content varchar, session_source varchar, "
        "session_medium varchar, session_campaign varchar, first_source varchar, "
        "first_medium varchar, device varchar, browser varchar, country varchar, "
        "analytics_storage varchar, ads_storage varchar, known_at timestamp",
        "event_id",
    ),
    "claims": (
        f"claim_id bigint, {AD}, action varchar, order_id bigint, contact_id bigint, "
        f"kind varchar, touched_at timestamp, converted_at timestamp, "
        f"value_amount_local {MONEY}, is_modelled boolean, known_at timestamp",
        "claim_id",
    ),
    "searches": (
        "search_date date, page varchar, query varchar, impressions bigint, clicks bigint, "
        "positions bigint",
        "search_date, page, query",
    ),
    "ad_search_terms": (
        "campaign_id bigint, ad_group_id bigint, ad_id bigint, search_term varchar, share double",
        "ad_id, search_term",
    ),
    "server_sends": (
        "send_id bigint, destination varchar, account_id varchar, action varchar, attempt integer, "
        "sent_at timestamp, http_status integer, error_code varchar, error_subcode varchar, "
        "request_id varchar, events_received integer, verdict_reason varchar, "
        "event_name varchar, subject_id bigint, transaction_id varchar, event_id varchar, "
        f"event_at timestamp, value {MONEY}, currency varchar, click_id_kind varchar, "
        "email varchar, phone varchar, is_poor boolean, is_unhashed boolean, "
        "is_logged_twice boolean, known_at timestamp",
        "sent_at, send_id, attempt",
    ),
    "affiliate_publishers": (
        "publisher_id bigint, publisher_name varchar, kind varchar, commission_permille bigint, "
        "true_effect double, left_at timestamp",
        "publisher_id",
    ),
    "affiliate_clicks": (
        "publisher_id bigint, click_date date, clicks bigint",
        "click_date, publisher_id",
    ),
    "affiliate_transactions": (
        "transaction_id bigint, publisher_id bigint, order_id bigint, order_ref varchar, "
        "kind varchar, clicked_at timestamp, sold_at timestamp, country varchar, "
        f"sale_amount {MONEY}, commission_amount {MONEY}, validated_at timestamp, "
        "verdict varchar, decline_reason varchar, amended_at timestamp, "
        f"amended_sale_amount {MONEY}, amended_commission_amount {MONEY}, is_split boolean, "
        "voucher_code varchar, is_new_customer boolean, is_caused boolean",
        "transaction_id",
    ),
    "affiliate_costs": (
        f"publisher_id bigint, transaction_id bigint, cost_at timestamp, amount {MONEY}",
        "cost_at, transaction_id",
    ),
    "booking_sources": (
        "source_id varchar, source_name varchar, source_category varchar, "
        f"is_third_party boolean, commission_percent {MONEY}",
        "source_id",
    ),
    "rooms": (
        "room_id varchar, room_type_id varchar, room_type_name varchar, is_virtual boolean",
        "room_id",
    ),
    "room_blocks": (
        "room_block_id varchar, room_id varchar, room_type_id varchar, block_type varchar, "
        "start_date date, end_date date",
        "room_block_id",
    ),
    "reservations": (
        "reservation_id varchar, created_at timestamp, source_id varchar, "
        "source_reservation_id varchar, room_type_id varchar, arrival_date date, "
        "departure_date date, visit_id bigint, email varchar",
        "reservation_id",
    ),
    "reservation_states": (
        f"reservation_id varchar, known_at timestamp, status varchar, total {MONEY}, "
        f"rooms_total {MONEY}, paid {MONEY}, departure_date date, is_deleted boolean, "
        "moves_stamp boolean",
        "reservation_id, known_at",
    ),
    "room_payments": (
        "transaction_id bigint, reservation_id varchar, code varchar, moved_at timestamp, "
        f"amount {MONEY}, root_id bigint",
        "transaction_id",
    ),
    "room_costs": (
        "source_id varchar, reservation_id varchar, cost_date date, amount decimal(18, 4)",
        "reservation_id",
    ),
    "fx": (
        "rate_date date, currency_code varchar, units_per_eur decimal(18, 6)",
        "rate_date, currency_code",
    ),
    "tag_containers": (
        "public_id varchar, container_name varchar, usage_context varchar, account_id varchar, "
        "container_id varchar",
        "public_id",
    ),
    "tag_versions": (
        "public_id varchar, version_id integer, version_name varchar, created_at timestamp, "
        "content varchar",
        "public_id, version_id",
    ),
    "tag_publishes": (
        "public_id varchar, version_id integer, published_at timestamp",
        "public_id, published_at",
    ),
    "tag_changes": (
        "public_id varchar, version_id integer, published_at timestamp, object_type varchar, "
        "object_id varchar, change varchar",
        "public_id, version_id, object_type, object_id, change",
    ),
    "system_settings": (
        "system varchar, account_id varchar, valid_from timestamp, content varchar",
        "system, account_id, valid_from",
    ),
    "setting_changes": (
        "system varchar, account_id varchar, changed_at timestamp, object_type varchar, "
        "object_id varchar, change varchar",
        "system, account_id, changed_at, object_type, object_id, change",
    ),
    "true_ledger": (
        "entry_id bigint, conversion_id varchar, entry_type varchar, entry_at timestamp, "
        f"amount_local {MONEY}, currency_code varchar, amount {MONEY}",
        "entry_id",
    ),
    "truth": (
        "conversion_id varchar, goal varchar, person_id bigint, visit_id bigint, "
        "channel varchar, platform varchar, campaign_id bigint, converted_at timestamp, "
        f"order_date date, gross_amount {MONEY}, net_amount {MONEY}, {CAUSE}",
        "conversion_id",
    ),
}  # fmt: skip
