"""What only the rows of a feed together say of a value: thousands that read as decimals, one id
that its files spell in several ways, and rows that are lines of a record instead of records.

Each row is well by itself.
"""

from __future__ import annotations

from trueup.sources.amounts import MILS
from trueup.sources.files.casts import CURRENCY
from trueup.sources.files.reading import Job
from trueup.sources.files.rows import declared
from trueup.sources.files.streams import FEED

#: So many amounts that read either way, and not one that can be decimals alone, are thousands.
FEWEST_GROUPED = 2
GROUPED = r"[-+]?[1-9]\d{0,2}\.\d{3}"
#: What is written with a decimal comma says what the points are; what has more digits before the
#: point, or none but a zero, or other than three behind it, says that they are no thousands.
DECIMAL_COMMA = r"[-+]?(\d{1,3}(\.\d{3})*|\d+),\d{1,2}"
UNGROUPED = r"[-+]?(\d{4,}(\.\d*)?|0*\.\d+|0+\.\d+|\d{1,3}\.(\d{0,2}|\d{4,}))"
#: A file in which so many records, and this share of them, stand with several amounts has a row for
#: each line of a record: of records that were corrected there are a few.
FEWEST_WITH_LINES, SHARE_WITH_LINES = 3, 0.1
#: The zeros before a number, the sign before it and the .0 behind it, which come and go.
NUMBER = r"#?0*([1-9]\d*)(\.0+)?"


def settle(job: Job) -> None:
    """Set aside in `offered` what may be thousands, and give ids of several spellings one."""
    if job.stream.money:
        _mark_thousands(job)
    if job.stream.money and not job.stream.add_up:
        _mark_lines(job)
    if len(job.files) == 1:
        return
    if job.stream.add_up:
        for column, compared in _alike().items():
            _unite(job, column, compared, of_one_day=False)
    else:
        column = _number(job)
        compared = rf"""regexp_replace("{column}", '^{NUMBER}$', '\1')"""
        _unite(job, column, compared, of_one_day=True)


def _alike() -> dict[str, str]:
    """Columns of an ad, and what rows of one ad have alike in each, as staging reads them."""
    number = r"""regexp_replace("{name}", '^(\d+)\.0+$', '\1')"""
    plain = {name: number.format(name=name) for name in ("campaign_id", "ad_group_id", "ad_id")}
    account = """case when regexp_full_match("account_id", '[0-9 -]+')
        then regexp_replace("account_id", '[^0-9]', '', 'g') else "account_id" end"""
    return {"platform": """regexp_replace(lower("platform"), '[ _-]+', '_', 'g')""",
            "account_id": account, **plain}  # fmt: skip


def _mark_thousands(job: Job) -> None:
    """1.234 is 1234 where points stand before three digits each and nothing else has one: nobody
    can tell, so that no such row is used; not of currencies with three decimals. A select that
    casts the amount itself says what it is."""
    money = job.stream.money
    names = [column.name for column in declared(job.stream)]
    exempt = ", ".join(f"'{code}'" for code in MILS)
    is_judged = f"_is_text and coalesce(\"{CURRENCY}\", '') not in ({exempt})"
    job.con.execute(
        f"""
        update offered
        set _reason = $reason, _kind = 'unreadable', _content = ''
        where _reason is null and {is_judged if CURRENCY in names else "_is_text"}
            and regexp_full_match(trim(_weight), $grouped)
            and (
                select count(*) filter (where regexp_full_match(trim(_weight), $ungrouped)) = 0
                    and (count(*) filter (where regexp_full_match(trim(_weight), $grouped))
                         >= {FEWEST_GROUPED}
                         or count(*) filter (where regexp_full_match(trim(_weight), $comma)) > 0)
                from offered
            )
        """,
        {
            "reason": f"{money} may be in thousands, 1.234 for 1234: all with a point have three"
            " digits behind it; let the select cast it, or take the points out",
            "grouped": GROUPED, "ungrouped": UNGROUPED, "comma": DECIMAL_COMMA,
        },
    )  # fmt: skip


def _number(job: Job) -> str:
    """The column of a record's own number."""
    (column,) = (name for name in job.stream.key if name != FEED.name)
    return column


def _mark_lines(job: Job) -> None:
    """Records of which one file has several rows with several amounts: the last row alone would be
    a part of each record, where the rows are its lines."""
    number = _number(job)
    job.con.execute(
        f"""
        update offered
        set _reason = $reason, _kind = 'unreadable', _content = ''
        from (
            with records as (
                select _file_no, "{number}" as number, count(*) as lines,
                    count(distinct "{job.stream.money}") > 1 as is_unlike
                from offered
                where _reason is null
                group by all
            ),
            files as (
                select _file_no
                from records
                group by _file_no
                having count(*) filter (where is_unlike) >= {FEWEST_WITH_LINES}
                    and avg(is_unlike::integer) >= {SHARE_WITH_LINES}
            )
            select _file_no, number
            from records
            semi join files using (_file_no)
            where lines > 1
        ) as with_lines
        where _reason is null and offered._file_no = with_lines._file_no
            and "{number}" = with_lines.number
        """,
        {
            "reason": f"{number} stands on several rows of its file, with several amounts: of its"
            f" lines let the select make a sum (group by {number}), of its versions keep one"
        },
    )  # fmt: skip


def _unite(job: Job, column: str, compared: str, of_one_day: bool) -> None:
    """Let a value be spelt in one way where files spell it differently, each in one way: 00123
    that a spreadsheet made 123 of. Numbers of records are compared within their day alone."""
    days = f'"{job.stream.day}"' if of_one_day else "null"
    job.con.execute(
        f"""
        update offered
        set "{column}" = united.spelling
        from (
            with spelt as (
                select distinct {compared} as compared, {days} as day, _file_no,
                    "{column}" as spelling
                from offered
                where _reason is null and spelling is not null
            ),
            spelt_twice_in_a_file as (
                select compared
                from spelt
                group by compared, _file_no
                having count(distinct spelling) > 1
            )
            select compared, day,
                first(spelling order by contains(spelling, '.'), length(spelling) desc, spelling)
                    as spelling
            from spelt
            anti join spelt_twice_in_a_file using (compared)
            group by all
            having count(distinct spelling) > 1
        ) as united
        where _reason is null and {compared} = united.compared
            and {days} is not distinct from united.day
        """
    )


def commonest_reason(job: Job) -> str:
    """Why most rows cannot be used, others than those the select excludes unless it excludes all;
    nothing where all can."""
    found = job.con.execute(
        "select coalesce("
        "mode(_reason) filter (where _kind not in ('excluded', 'total')), mode(_reason)"
        ") from offered"
    ).fetchone()
    return str(found[0] or "") if found else ""
