"""What the company's own server sends to the ad platforms beside the browser, and what they answer.

A purchase goes to Meta at once and to Google in the next two-hourly request, an enquiry to Meta
alone; of people who did not agree to ads nothing is sent. Draws of this chapter have names of their
own, so that nothing the other chapters tell moves.
"""

import duckdb

from sandbox.world.cuts import SERVER_COLUMNS

#: Where the events go, as the company file names it.
META_DATASET, GOOGLE_ACCOUNT = "714200300400500", "4711002200"
#: Google's conversion action for purchases that a server sends.
GOOGLE_ACTION = "900100009"
#: What Google says of some of the events it took.
REJECTIONS = {
    "PROCESSING_ERROR_REASON_CLICK_NOT_FOUND": 0.5,
    "PROCESSING_ERROR_REASON_DUPLICATE_TRANSACTION_ID": 0.3,
    "PROCESSING_ERROR_REASON_EVENT_TOO_OLD": 0.2,
}

EVENTS = f"""
create table server_events_drawn as
with happened as (
    select order_id as subject_id, order_name as transaction_id, 'Purchase' as event_name,
        ordered_at as happened_at, total_amount as value, 'EUR' as currency, person_id, visit_id
    from orders
    where source_name = 'web' and not is_test
    union all
    select contact_id, null, 'Lead', created_at, null, null, person_id, visit_id
    from contacts
    where visit_id is not null and created_at >= opens_at()
    union all
    -- the site sends it, whatever becomes of the form
    select contact_id, null, 'Lead', created_at, null, null, person_id, visit_id
    from first_forms
    where is_form_lost and created_at >= opens_at()
        and contact_id not in (select contact_id from contacts)
),
addressed as (
    select happened.*, unnest(case event_name when 'Lead' then ['meta'] else ['meta', 'google'] end)
        as destination
    from happened
),
numbered as (
    select addressed.*, row_key(destination, event_name, subject_id) as send_id,
        visits.click_id_kind, visits.ads_consent, visits.device, visits.country,
        people.email, people.phone
    from addressed
    inner join visits using (visit_id)
    inner join people on addressed.person_id = people.person_id
    where visits.ads_consent
        and draw(row_key(destination, event_name, subject_id), 'server is up')
            < server_up_share(happened_at, {SERVER_COLUMNS})
)
select *,
    draw(send_id, 'server id') >= server_id_lost_share(happened_at, {SERVER_COLUMNS})
        as has_event_id,
    -- a batch that was stuck goes out days later
    later(happened_at, case
        when draw(send_id, 'server late')
            < server_too_late_share(happened_at, {SERVER_COLUMNS}) then 8.2 * 86400
        when draw(send_id, 'server late') < server_late_share(happened_at, {SERVER_COLUMNS})
            then 86400 * (0.5 + 2 * draw(send_id, 'server late by'))
        else 2 + 20 * draw(send_id, 'server prompt') end) as first_sent_at,
    -- a clock that takes local time for UTC
    later(happened_at, case when draw(send_id, 'server clock')
        < server_clock_share(happened_at, {SERVER_COLUMNS}) then 3600 else 0 end) as event_at,
    draw(send_id, 'server poor') < server_poor_share(happened_at, {SERVER_COLUMNS}) as is_poor,
    draw(send_id, 'server retried') < server_retried_share(happened_at, {SERVER_COLUMNS})
        as is_retried,
    draw(send_id, 'server unhashed') < server_unhashed_share(happened_at, {SERVER_COLUMNS})
        as is_unhashed,
    draw(send_id, 'server twice in the log')
        < server_log_twice_share(happened_at, {SERVER_COLUMNS}) as is_logged_twice,
    draw(send_id, 'server rejected') < server_rejected_share(first_sent_at, {SERVER_COLUMNS})
        as is_rejected,
    -- an id of the server's own, or one that several orders have, in place of the order's
    case when event_name = 'Purchase' and draw(send_id, 'server id reused')
            < server_id_reused_share(happened_at, {SERVER_COLUMNS})
            then 'HH' || (substr(transaction_id, 3)::bigint // 4 * 4)
        when draw(send_id, 'server id changed')
            < server_id_changed_share(happened_at, {SERVER_COLUMNS})
            then 'srv-' || substr(md5(concat(send_id, 'id')), 1, 16)
        else coalesce(transaction_id, 'lead-' || subject_id) end as event_id_sent
from numbered;
"""

SENDS = f"""
create table server_sends as
with meta_sends as (
    select *, 1 as attempt, first_sent_at as sent_at, first_sent_at as request_at
    from server_events_drawn
    where destination = 'meta'
    union all
    select *, 2, later(first_sent_at, 3 + 40 * draw(send_id, 'server again')), first_sent_at
    from server_events_drawn
    where destination = 'meta' and is_retried
),
answered as (
    select *, case
        when is_retried and attempt = 1 then 503
        when is_rejected or first_sent_at > happened_at + interval 7 days or is_poor then 400
        else 200 end as http_status
    from meta_sends
),
meta_answers as (
    select send_id, destination, '{META_DATASET}' as account_id, event_name as action, attempt,
        sent_at, http_status,
        case when http_status = 400 and is_rejected then '190'
            when http_status = 400 then '100' end as error_code,
        case when http_status = 400 then case when is_rejected then '463'
            when first_sent_at > happened_at + interval 7 days then '2804003'
            else '2804050' end end as error_subcode,
        substr(md5(concat(send_id, attempt, 'trace')), 1, 23) as request_id,
        case http_status when 200 then 1 end as events_received,
        null::varchar as verdict_reason
    from answered
),
-- Google's events wait for the next even hour
google_sends as (
    select *, date_trunc('hour', first_sent_at)
        + to_hours(2 - (hour(first_sent_at) % 2)) as sent_at
    from server_events_drawn
    where destination = 'google'
),
google_answers as (
    select send_id, destination, '{GOOGLE_ACCOUNT}' as account_id,
        '{GOOGLE_ACTION}' as action, 1 as attempt, sent_at,
        case when draw(epoch(sent_at)::bigint, 'server request')
                < server_request_refused_share(sent_at)
            then 400 else 200 end as http_status,
        case when draw(epoch(sent_at)::bigint, 'server request')
                < server_request_refused_share(sent_at)
            then 'INVALID_SHA256_FORMAT' end as error_code,
        null::varchar as error_subcode,
        'cap-' || substr(md5(sent_at::varchar || 'request'), 1, 20) as request_id,
        null::integer as events_received,
        case when draw(send_id, 'server verdict')
                < server_verdict_against_share(happened_at, {SERVER_COLUMNS})
            then rejection_of(draw(send_id, 'server verdict why')) end as verdict_reason
    from google_sends
),
answers as (
    select * from meta_answers union all select * from google_answers
)
select answers.*, drawn.event_name, drawn.subject_id, drawn.transaction_id,
    case when drawn.has_event_id then drawn.event_id_sent end as event_id,
    drawn.event_at, drawn.value, drawn.currency, drawn.click_id_kind, drawn.email, drawn.phone,
    drawn.is_poor, drawn.is_unhashed, drawn.is_logged_twice,
    -- the log is shipped every ten minutes; some of it the next morning
    later(answers.sent_at, case when draw(answers.send_id, 'server shipped') < 0.03
        then 40000 else 600 end) as known_at
from answers
inner join server_events_drawn as drawn using (send_id);
"""


def send(con: duckdb.DuckDBPyConnection) -> None:
    """Make `server_sends`, one row for each time an event was sent."""
    edges, above = "", 0.0
    for reason, share in REJECTIONS.items():
        above += share
        edges += f" when u < {above} then '{reason}'"
    last = list(REJECTIONS)[-1]
    con.execute(f"create macro rejection_of(u) as case{edges} else '{last}' end")
    con.execute(EVENTS)
    con.execute(SENDS)
