"""Rows of a file that sum up others of it: as rows they would count everything twice.

One is known by what it says and by its amount. Where rows name campaigns, one that names none may
be a total that says nothing; it may as well be what a platform spends on no campaign, so that all
such rows of a file have to be totals. One that names none and begins with the word is a total
whatever it sums up: of an account, whose further campaigns the file may not show, or of some of it;
unless a row that names one begins so too, as where an account is called Total Tools.
"""

from __future__ import annotations

import re
from decimal import Decimal

from trueup.sources.files.no_rows import TOTAL
from trueup.sources.files.reading import Job
from trueup.sources.files.rows import declared
from trueup.sources.files.streams import AD, AD_ACCOUNT

HALF_A_CENT = Decimal("0.005")
#: Text that stands in front of a cell's value in a row's content.
CELL = re.compile(r'"[^"]*":"([^"]*)"')
#: What a row is of, in streams whose rows may name nothing.
NAMES = {column.name for column in AD if column not in AD_ACCOUNT} | {
    "campaign_id", "campaign_name",
}  # fmt: skip
#: So many rows of a file that say they are totals, and fit, are no chance.
FEWEST_SAID = 3
#: Claims may have no amount.
COUNTED = "claimed_conversions"


def sums_up(content: str, amount: Decimal | None, total: Decimal | None, summed: int) -> bool:
    """Whether a row without a day, before the first or after the last that has one, sums up the
    file: it says so, or its amount does, give or take what was rounded in each row."""
    if any(TOTAL.match(cell) for cell in CELL.findall(content)):
        return True
    # The amount of a file's only other row is as likely a second sale of the same price.
    if amount is None or not total or summed < 2:
        return False
    return abs(amount - total) <= summed * HALF_A_CENT


def mark(job: Job) -> None:
    """Mark in `offered` rows with a day that are the total of their day, or of their file, before
    its first row or after its last. Where no money came nobody knows: clicks are kept."""
    job.con.execute(
        f"""
        update offered
        set _reason = found._total, _kind = 'total', _content = ''
        from ({_totals(job)}) as found
        where offered._file_no = found._file_no and offered._order = found._order
        """,
        {"total": f"(?i){TOTAL.pattern}"},
    )


def _said(job: Job) -> str:
    """The query of every row that may be used, or begins with the word total and is no record for
    want of a number: its amount, and whether it says it is a total or names nothing."""
    columns = [column.name for column in declared(job.stream)]
    money = f'"{job.stream.money}"'
    measure = f'coalesce({money}, "{COUNTED}")' if COUNTED in columns else money
    texts = ", ".join(f'"{one.name}"' for one in declared(job.stream) if one.type == "VARCHAR")
    in_text = f"len(list_filter([{texts}], lambda text: regexp_matches(text, $total))) > 0"
    named = ", ".join(f'"{name}"' for name in columns if name in NAMES)
    # Two dashes are no name, and a record has its number.
    is_none = rf"not regexp_matches(concat({named}), '[\pL\pN]')"
    is_none = is_none if job.stream.add_up else "_reason is not null"
    return f"""
        select _file_no, _order, "{job.stream.day}" as day, {measure} as amount,
            _is_labelled or {in_text} as says_so, says_so or {is_none} as may_be,
            _is_labelled, {is_none} as is_none
        from offered
        where _reason is null or (_is_labelled and suffix(_reason, '_id is empty'))
    """


def _totals(job: Job) -> str:
    """The query of these rows. One that sums up a single row is a total where others of its file
    are, or say so on several days."""
    others = "filter (where not may_be) over"
    fits = f"abs(amount - {{of}}_sum) <= {{of}}_rows * {HALF_A_CENT}"
    return f"""
        with said as ({_said(job)}),
        compared as (
            select *,
                sum(amount) {others} of_day as day_sum, count(*) {others} of_day as day_rows,
                sum(amount) {others} of_file as file_sum, count(*) {others} of_file as file_rows,
                _order not between min(_order) {others} of_file and max(_order) {others} of_file
                    as is_at_an_end,
                _is_labelled and is_none and not bool_or(_is_labelled and not is_none) over of_file
                    as is_labelled
            from said
            window of_day as (partition by _file_no, day), of_file as (partition by _file_no)
        ),
        judged as (
            select *,
                case
                    when is_labelled and file_rows > 0 then 'a total of the file''s rows'
                    when amount = 0 then null
                    when {fits.format(of="day")} then 'a total of its day'
                    when is_at_an_end and {fits.format(of="file")}
                        then 'a total of the file''s rows'
                end as _total,
                case when _total = 'a total of its day' then day_rows else file_rows end as summed
            from compared
            where may_be
        ),
        known as (
            select *,
                bool_and(says_so or amount = 0 or _total is not null) over (partition by _file_no)
                    as are_all,
                count(*) filter (where summed > 1) over (partition by _file_no) > 0
                or count(*) filter (where says_so) over (partition by _file_no) >= {FEWEST_SAID}
                    as are_some
            from judged
            where _total is not null or not says_so
        )
        select _file_no, _order, _total
        from known
        where _total is not null and (
            is_labelled or ((says_so or are_all) and (summed > 1 or are_some))
        )
    """
