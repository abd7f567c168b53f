-- The listing sites' export changed its date format three times. Months are two digits where they
-- come first; the one day-first stretch lies wholly in April, so its month is a single digit.
create macro report_day(written) as try_strptime(
    regexp_replace(written, '^(\d{1,2})/(\d)/(\d{4})$', '\2/\1/\3'),
    ['%d-%b-%y', '%m/%d/%Y', '%m-%d-%Y']
)::date
