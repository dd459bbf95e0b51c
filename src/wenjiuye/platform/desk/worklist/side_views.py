"""The views at the side of the list: what waits for me, what waits for others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _

from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.claims.models import Decision
from wenjiuye.platform.claims.states import State, Turn
from wenjiuye.platform.desk.worklist.officer import Officer, mine

ALL = "all"
"""The name of every claim that one may see, whatever its turn: the page of claims."""


@dataclass(frozen=True)
class SideView:
    """One view. roles: for whom it makes sense; empty: for everybody. besides: for whom it does not."""

    title: Any
    condition: Callable[[Officer, dt.date], Q]
    is_mine: bool
    roles: frozenset[Role] = frozenset()
    besides: frozenset[Role] = frozenset()

    def suits(self, who: Officer) -> bool:
        """Whether an officer is shown this view."""
        if self.is_mine and not who.roles:
            return False
        return (not self.roles or bool(self.roles & who.roles)) and not self.besides & who.roles


def _sent_back(who: Officer, _today: dt.date) -> Q:
    reviewed = Decision.objects.filter(
        claim=OuterRef("pk"), officer__in=sorted(who.ids), stage=0, round__lt=OuterRef("round")
    )
    return mine(who) & Q(turn=Turn.REVIEWER, round__gt=1) & Q(Exists(reviewed))


VIEWS: Mapping[str, SideView] = MappingProxyType(
    {
        "mine": SideView(_("全部待办"), lambda who, _: mine(who), True),
        "overdue": SideView(_("逾期"), lambda who, today: mine(who) & Q(due_on__lt=today), True),
        "today": SideView(_("今天到期"), lambda who, today: mine(who) & Q(due_on=today), True),
        "conflicts": SideView(
            _("待裁定冲突"),
            lambda who, _: mine(who) & Q(open_conflicts__gt=0),
            True,
            roles=frozenset({Role.REVIEWER}),
        ),
        "sent_back": SideView(_("被退回给我"), _sent_back, True, roles=frozenset({Role.REVIEWER})),
        "payment_failed": SideView(
            _("支付失败"),
            lambda who, _: mine(who) & Q(state=State.PAYMENT_FAILED),
            True,
            roles=frozenset({Role.ACCOUNTANT}),
        ),
        "correction": SideView(_("待申请人补正"), lambda *_: Q(state=State.RETURNED), False),
        "approval": SideView(
            _("待审批"), lambda *_: Q(turn=Turn.APPROVER), False, besides=frozenset({Role.APPROVER})
        ),
        "publicity": SideView(_("公示中"), lambda *_: Q(turn=Turn.PUBLIC), False),
        "failed": SideView(
            _("支付失败"),
            lambda *_: Q(state=State.PAYMENT_FAILED),
            False,
            besides=frozenset({Role.ACCOUNTANT}),
        ),
    }
)
