"""A made-up policy of three subjects, small enough to see whole, and helpers to write its tables."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path

import xlsxwriter

from wenjiuye.rules import (
    BoolFact,
    ChoiceFact,
    DateFact,
    Fund,
    Grant,
    IntFact,
    ListFact,
    Many,
    MoneyFact,
    MonthFact,
    One,
    ShareFact,
    Subject,
    Values,
    all_of,
    benefit,
    choose,
    parse_values,
    right,
)
from wenjiuye.rules.policy import Policy, assemble

FUND = Fund("purse", "钱袋", "purse")
ON = dt.date(2020, 12, 15)


def _ask(text: str) -> tuple[str, str]:
    return f"{text}？", f"{text}?"


class Firm(Subject, id="firm", zh="企业", en="firm"):
    """An employer."""

    jobs = Many(lambda: Job, "firm", "岗位", "jobs")
    size = ChoiceFact(
        "规模",
        "size",
        ask=_ask("规模"),
        members={"small": ("小型", "small"), "large": ("大型", "large")},
    )
    county = ChoiceFact(
        "县区",
        "county",
        ask=_ask("县区"),
        members={"east": ("东县", "east"), "west": ("西县", "west")},
    )
    staff = IntFact("人数", "staff", ask=_ask("人数"), unit="people")
    assets = MoneyFact("资产", "assets", ask=_ask("资产"))
    layoffs = ShareFact("裁员率", "layoff rate", ask=_ask("裁员率"))
    insured = BoolFact("参保", "insured", ask=_ask("参保"))
    founded = DateFact("成立日期", "founded on", ask=_ask("成立日期"))
    month = MonthFact("所属月", "month", ask=_ask("所属月"))
    loans = ListFact(
        "贷款",
        "loans",
        ask=_ask("贷款"),
        fields={
            "amount": MoneyFact("金额", "amount", ask=_ask("金额")),
            "share": ShareFact("比例", "share", ask=_ask("比例")),
        },
    )


class Worker(Subject, id="worker", zh="职工", en="worker"):
    """A person."""

    poor = BoolFact("困难", "poor", ask=_ask("困难"))


class Job(Subject, id="job", zh="岗位", en="job"):
    """One contract."""

    firm = One(Firm, "单位", "firm")
    worker = One(Worker, "人员", "worker")
    months = IntFact("月数", "months", ask=_ask("月数"), unit="months")
    wage = MoneyFact("工资", "wage", ask=_ask("工资"))


SUBJECTS = {subject.id: subject for subject in (Firm, Worker, Job)}

VALUES = parse_values(
    """
[long_months]
zh = "月数"
en = "months"
type = "int"
unit = "months"
[[long_months.dated]]
value = 12
source = "test"

[job_sum]
zh = "补贴"
en = "sum"
type = "money"
unit = "yuan"
[[job_sum.dated]]
value = 1000
source = "test"

[local_sum]
zh = "地方标准"
en = "local sum"
type = "money"
unit = "yuan"
local = true
""",
    "values.toml",
)


@benefit(clause="a01.01", zh="岗位补贴", en="job grant", fund=FUND)
def job_grant(job: Job, v: Values) -> Grant:
    """For each long contract of a poor person in a small firm; more where the firm is insured."""
    return Grant(
        when=all_of(job.firm.size == "small", job.worker.poor, job.months >= v.long_months),
        amount=choose((job.firm.insured, v.job_sum + job.wage), otherwise=v.job_sum),
    )


@right(clause="a01.02", zh="大用工", en="many jobs")
def many_jobs(firm: Firm, v: Values) -> Grant:
    """A firm with a long contract."""
    return Grant(when=firm.jobs.any(lambda job: job.months >= v.long_months))


@benefit(clause="a01.03", zh="地方奖", en="local award", fund=FUND)
def local_award(firm: Firm, v: Values) -> Grant:
    """Every insured firm gets a sum that nobody has set."""
    return Grant(when=firm.insured, amount=v.local_sum)


def policy() -> Policy:
    """The policy of the three measures."""
    return assemble("workshop", "试行办法", "workshop", [job_grant, many_jobs, local_award], {}, VALUES)


def english(text: str) -> str:
    """The English part of a text in both languages, which follows a Chinese one."""
    zh, _, en = text.partition(" / ")
    assert any("\u4e00" <= character <= "\u9fff" for character in zh), text
    assert en, text
    return en


def write_csv(folder: Path, name: str, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file with exactly this text."""
    path = folder / name
    path.write_bytes(text.encode(encoding))
    return path


def write_xlsx(path: Path, sheets: Mapping[str, Sequence[Sequence[object]]]) -> Path:
    """A workbook; dates are date cells, numbers number cells, text text cells."""
    with xlsxwriter.Workbook(str(path), {"strings_to_numbers": False}) as book:
        day = book.add_format({"num_format": "yyyy-mm-dd"})
        for name, rows in sheets.items():
            sheet = book.add_worksheet(name)
            for i, row in enumerate(rows):
                for j, cell in enumerate(row):
                    if isinstance(cell, dt.date):
                        sheet.write_datetime(i, j, dt.datetime.combine(cell, dt.time()), day)
                    elif isinstance(cell, str) and cell.startswith("="):
                        sheet.write_formula(i, j, cell, None, "#N/A")
                    elif cell is not None:
                        sheet.write(i, j, cell)
    return path
