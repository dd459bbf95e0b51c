"""Made-up officers of a demonstration: one for each role, some of the whole city and some of one county."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.errors import AccountError
from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.accounts.services import appoint, create_user
from wenjiuye.platform.config.environment import Mode
from wenjiuye.platform.record.context import on_record

COUNTY = "jianan"
PASSWORD = "shuiping-zhun-2020"
"""Of every officer of a demonstration: it is printed, and works nowhere else."""


@dataclass(frozen=True)
class DemoOfficer:
    """One to sign in as. county: empty for the whole city."""

    user: User
    role: Role
    county: str
    password: str


_OFFICERS = (
    ("clerk", "刘敏", Role.CLERK, COUNTY),
    ("reviewer", "王建国", Role.REVIEWER, COUNTY),
    ("approver", "陈晓燕", Role.APPROVER, COUNTY),
    ("accountant", "赵会琴", Role.ACCOUNTANT, COUNTY),
    ("city-clerk", "孙丽", Role.CLERK, ""),
    ("city-reviewer", "周志强", Role.REVIEWER, ""),
    ("city-approver", "吴海涛", Role.APPROVER, ""),
    ("city-accountant", "郑美华", Role.ACCOUNTANT, ""),
    ("policy", "冯立新", Role.POLICY, ""),
    ("supervisor", "杨帆", Role.SUPERVISOR, ""),
    ("auditor", "徐静", Role.AUDITOR, ""),
    ("administrator", "马超群", Role.ADMINISTRATOR, ""),
)


def demo_officers() -> list[DemoOfficer]:
    """The officers, made where they are not there yet; their password is the known one again.

    The administrator is a superuser too. AccountError: this is no demonstration.
    """
    if settings.ENVIRONMENT.mode is not Mode.DEMO:
        raise AccountError(_("演示帐号只能在演示模式（WENJIUYE_MODE=demo）下建立：它们的密码是公开的。"))
    return [DemoOfficer(_officer(*one), one[2], one[3], PASSWORD) for one in _OFFICERS]


def _officer(username: str, name: str, role: Role, county: str) -> User:
    by = "demo"
    user = User.objects.filter(username=username).first()
    if user is None:
        user = create_user(username, name, by=by, password=PASSWORD, superuser=role is Role.ADMINISTRATOR)
    elif not (user.check_password(PASSWORD) and user.is_active):
        with on_record(by, "demo"):
            user.set_password(PASSWORD)
            user.is_active = True
            user.save()
    if not Appointment.objects.filter(user=user, role=role, county=county, ends_on=None).exists():
        appoint(user, role, county, by=by)
    return user
