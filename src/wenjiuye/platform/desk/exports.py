"""Claims as a workbook, written row by row in the background; personal data is masked unless it was asked for."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import xlsxwriter
from django.http import QueryDict
from django.utils import timezone, translation
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wenjiuye.platform.accounts.jurisdiction import may
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims import rules_in_force
from wenjiuye.platform.claims.models import Claim
from wenjiuye.platform.desk.worklist import filters
from wenjiuye.platform.desk.worklist.listing import Choice, choice, claims_of, desk_of
from wenjiuye.platform.desk.worklist.side_views import VIEWS
from wenjiuye.platform.desk.worklist.stages import stage_of
from wenjiuye.platform.jobs.models import BackgroundJob
from wenjiuye.platform.jobs.running import JobProblem, Work, kind, start
from wenjiuye.platform.privacy.masking import masked_account, masked_name
from wenjiuye.platform.privacy.services import PrivacyError, reason_given

EXPORT_CLAIMS = "export_claims"
MOST_ROWS = 200_000
"""Rows of one workbook: what a spreadsheet still opens on an office computer."""
_AT_ONCE = 2_000


@dataclass(frozen=True)
class Export:
    """What is to be taken out. query: that of the list. plain: with names and accounts that are not masked."""

    query: str
    reason: str
    plain: bool


def start_export(wanted: Export, by: Any) -> BackgroundJob:
    """Queue an export. PrivacyError: no reason, or no right to unmasked data."""
    reason = reason_given(wanted.reason)
    if wanted.plain and not may(by, Action.UNMASK):
        raise PrivacyError(_("你的角色不能导出明文。请去掉“含明文”再导出。"))
    arguments = {**asdict(wanted), "reason": reason, "language": translation.get_language() or "zh-hans"}
    title = _("导出申请（含明文）") if wanted.plain else _("导出申请")
    return start(EXPORT_CLAIMS, by, title, arguments)


@dataclass(frozen=True)
class Column:
    """One column. value: text, a sum in fen, a date or None. width: characters."""

    title: Any
    value: Callable[[Claim, bool], str | int | dt.date | None]
    width: int
    is_sum: bool = False


def _person(claim: Claim, name: str, plain: bool) -> str:
    return masked_name(name) if claim.claimant_kind == Claim.ClaimantKind.PERSON and not plain else name


def _account(claim: Claim, plain: bool) -> str:
    number = claim.payee_account or ""
    return number if plain else masked_account(number)


COLUMNS = (
    Column(gettext_lazy("申请号"), lambda claim, _: claim.number, 16),
    Column(gettext_lazy("事项"), lambda claim, _: _measure_title(claim.measure), 28),
    Column(gettext_lazy("申请人"), lambda claim, plain: _person(claim, claim.claimant_name, plain), 28),
    Column(gettext_lazy("县区"), lambda claim, _: rules_in_force.county_title(claim.county), 14),
    Column(gettext_lazy("来源"), lambda claim, _: claim.get_source_display(), 10),
    Column(gettext_lazy("申请日期"), lambda claim, _: claim.applied_on, 12),
    Column(gettext_lazy("开始月份"), lambda claim, _: claim.period_from, 12),
    Column(gettext_lazy("结束月份"), lambda claim, _: claim.period_to, 12),
    Column(gettext_lazy("判定"), lambda claim, _: claim.get_verdict_display(), 10),
    Column(gettext_lazy("金额（元）"), lambda claim, _: claim.amount_fen, 14, True),
    Column(gettext_lazy("最少（元）"), lambda claim, _: claim.low_fen, 14, True),
    Column(gettext_lazy("最多（元）"), lambda claim, _: claim.high_fen, 14, True),
    Column(gettext_lazy("阶段"), lambda claim, _: str(stage_of(claim).title), 10),
    Column(gettext_lazy("轮到"), lambda claim, _: claim.get_turn_display(), 12),
    Column(
        gettext_lazy("经办人"), lambda claim, _: str(claim.assigned_to) if claim.assigned_to else None, 12
    ),
    Column(gettext_lazy("进入本阶段"), lambda claim, _: timezone.localdate(claim.since), 12),
    Column(gettext_lazy("应办结日期"), lambda claim, _: claim.due_on, 12),
    Column(gettext_lazy("理由"), lambda claim, _: claim.reason, 30),
    Column(gettext_lazy("收款人"), lambda claim, plain: _person(claim, claim.payee_name, plain), 20),
    Column(gettext_lazy("开户行"), lambda claim, _: claim.payee_bank, 24),
    Column(gettext_lazy("收款账号"), _account, 24),
)
"""What a row of the workbook has."""


def _measure_title(measure: str) -> str:
    return rules_in_force.title(rules_in_force.measure(measure))


@kind(EXPORT_CLAIMS, again=True)
def export_claims(work: Work) -> str:
    """Write the claims that the owner may take out at this moment."""
    arguments = work.job.arguments
    with translation.override(arguments["language"]):
        return _export(work, Export(arguments["query"], arguments["reason"], arguments["plain"]))


def _export(work: Work, wanted: Export) -> str:
    user = work.job.user
    if not may(user, Action.EXPORT):
        raise JobProblem(_("你现在没有导出的权限，没有导出。"))
    if wanted.plain and not may(user, Action.UNMASK):
        raise JobProblem(_("你现在没有查看明文的权限，没有导出。"))
    desk = desk_of(user)
    chosen = choice(desk, QueryDict(wanted.query))
    rows = claims_of(desk, chosen, Action.EXPORT)
    found = rows.count()
    if not found:
        raise JobProblem(_("没有符合这些条件的申请，没有可导出的。"))
    total = min(found, MOST_ROWS)
    work.tell(0, total)
    path = work.file(_("申请") + f"_{timezone.localtime():%Y%m%d_%H%M}.xlsx")
    notes = _notes(work, wanted, chosen, found)
    _write(path, _in_turn(rows, total, work), user if wanted.plain else None, notes)
    if found > MOST_ROWS:
        return _("共 %(found)s 件，只导出了前 %(most)s 件。请缩小范围，分几次导出。") % {
            "found": f"{found:,}",
            "most": f"{MOST_ROWS:,}",
        }
    return _("%(rows)s 件。") % {"rows": f"{total:,}"}


def _in_turn(rows: Any, total: int, work: Work) -> Iterator[Claim]:
    """The claims, newest first, a few thousand in memory at a time."""
    read = rows.select_related("assigned_to").order_by("-applied_on", "-pk")[:total]
    for number, claim in enumerate(read.iterator(chunk_size=_AT_ONCE), start=1):
        yield claim
        if number % _AT_ONCE == 0:
            work.tell(min(number, total), total)


def _notes(work: Work, wanted: Export, chosen: Choice, found: int) -> list[tuple[str, str]]:
    """What whoever opens the workbook later has to know about it."""
    view = VIEWS[chosen.view].title if chosen.view in VIEWS else _("全部申请")
    narrowed = "；".join(chip.text for chip in filters.chips(chosen.filters, QueryDict(wanted.query)))
    return [
        (_("导出人"), str(work.job.user)),
        (_("时间"), f"{timezone.localtime():%Y-%m-%d %H:%M}"),
        (_("理由"), wanted.reason),
        (_("范围"), f"{view} {narrowed}".strip()),
        (_("符合条件"), f"{found:,}"),
        (_("本表件数"), f"{min(found, MOST_ROWS):,}"),
        (_("个人信息"), _("明文，请妥善保管，用完删除") if wanted.plain else _("已脱敏")),
    ]


def _write(path: Path, claims: Iterator[Claim], reader: Any, notes: Sequence[tuple[str, str]]) -> None:
    """reader: who is to read personal data unmasked, as far as the right goes; None: nobody."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    try:
        head, money, day = (
            book.add_format(look)
            for look in (
                {"bold": True, "bottom": 1},
                {"num_format": "#,##0.00"},
                {"num_format": "yyyy-mm-dd"},
            )
        )
        sheet = book.add_worksheet(_("申请"))
        sheet.freeze_panes(1, 1)
        for at, column in enumerate(COLUMNS):
            sheet.set_column(at, at, column.width)
            sheet.write_string(0, at, str(column.title), head)
        row = 0
        for row, claim in enumerate(claims, start=1):
            plain = reader is not None and may(
                reader, Action.UNMASK, county=claim.county, departments=claim.departments
            )
            for at, column in enumerate(COLUMNS):
                value = column.value(claim, plain)
                if value is None or value == "":
                    continue
                if column.is_sum:
                    sheet.write_number(row, at, value / 100, money)
                elif isinstance(value, dt.date):
                    sheet.write_datetime(row, at, dt.datetime.combine(value, dt.time()), day)
                else:
                    # Always as text: a name that begins with "=" must not become a formula.
                    sheet.write_string(row, at, str(value))
        sheet.autofilter(0, 0, max(row, 1), len(COLUMNS) - 1)
        about = book.add_worksheet(_("说明"))
        about.set_column(0, 0, 14)
        about.set_column(1, 1, 60)
        for at, (what, value) in enumerate(notes):
            about.write_string(at, 0, what, head)
            about.write_string(at, 1, value)
    finally:
        book.close()
