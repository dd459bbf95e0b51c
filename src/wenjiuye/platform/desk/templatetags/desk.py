"""What the desk's pages show again and again: navigation, who is signed in, theme and language, marks, sums, dates."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django import template
from django.conf import settings
from django.template.context import Context
from django.urls import NoReverseMatch, reverse
from django.utils import timezone
from django.utils.html import format_html, format_html_join
from django.utils.http import urlencode
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop as N_

from wenjiuye.platform.accounts.jurisdiction import may, posts
from wenjiuye.platform.accounts.permissions import Action
from wenjiuye.platform.claims.rules_in_force import county_title
from wenjiuye.platform.config.environment import Mode
from wenjiuye.platform.privacy.masking import masked_name

register = template.Library()

AREAS = (
    ("worklist", N_("工作台"), Action.SEE_DESK),
    ("claims", N_("申请"), Action.SEE_CLAIMS),
    ("proactive", N_("免申即享"), Action.CLAIM_PROACTIVELY),
    ("registry", N_("登记库"), Action.SEE_REGISTRY),
    ("imports", N_("导入"), Action.IMPORT_REGISTRY),
    ("record", N_("记录"), Action.SEE_RECORD),
)
"""The areas of the desk: name of the page, title, what one must be allowed to do."""


@register.simple_tag(takes_context=True)
def desk_navigation(context: Context) -> SafeString:
    """Links to the areas that the user may enter."""
    request = context["request"]
    here = context.get("area", "")
    links = []
    for name, title, action in AREAS:
        if may(request.user, action):
            try:
                url = reverse(f"desk:{name}")
            except NoReverseMatch:
                continue
            links.append((url, mark_safe(' aria-current="page"') if name == here else "", _(title)))
    return format_html_join("\n", '<a href="{}"{}>{}</a>', links)


@register.simple_tag(takes_context=True)
def whoami(context: Context) -> str:
    """Role, name and jurisdiction of the user."""
    user = context["request"].user
    held = [post for post in posts(user) if post.holder == user.pk]
    if not held:
        return str(user)
    first = held[0]
    return f"{first.role.label} {user} · {county_title(first.county)}"


@register.simple_tag
def is_demo() -> bool:
    """Whether what is shown is made up."""
    return bool(settings.ENVIRONMENT.mode is Mode.DEMO)


@register.simple_tag(takes_context=True)
def theme_attribute(context: Context) -> SafeString:
    """The theme that the user chose; without one the system's."""
    theme = context["request"].COOKIES.get("theme")
    return format_html(' data-theme="{}"', theme) if theme in ("light", "dark") else SafeString("")


@register.simple_tag(takes_context=True)
def theme_link(context: Context) -> SafeString:
    """A link to the other theme."""
    request = context["request"]
    dark = request.COOKIES.get("theme") == "dark"
    return format_html(
        '<a href="{}?{}">{}</a>',
        reverse("desk:look"),
        urlencode({"theme": "light" if dark else "dark", "next": request.get_full_path()}),
        _("浅色") if dark else _("深色"),
    )


@register.simple_tag(takes_context=True)
def language_link(context: Context) -> SafeString:
    """A link to the other language."""
    english = (get_language() or "").startswith("en")
    code, title = ("zh-hans", "中文") if english else ("en", "English")
    return format_html(
        '<a href="{}?{}" lang="{}" hreflang="{}">{}</a>',
        reverse("desk:look"),
        urlencode({"lang": code, "next": context["request"].get_full_path()}),
        "zh-CN" if english else "en",
        "zh-CN" if english else "en",
        title,
    )


# ── Marks, sums, dates

_MARKS = {
    "eligible": ("yes", "is-yes"),
    "ineligible": ("no", "is-no"),
    "undetermined": ("ask", "is-ask"),
    True: ("yes", "is-yes"),
    False: ("no", "is-no"),
    None: ("ask", "is-ask"),
}


@register.simple_tag
def verdict(value: str, label: str = "") -> SafeString:
    """A verdict with shape, line and word."""
    symbol, css = _MARKS[value]
    word = label or {"eligible": _("符合"), "ineligible": _("不符合"), "undetermined": _("待定")}[value]
    return format_html(
        '<span class="verdict {}"><svg class="mark" aria-hidden="true"><use href="#{}"/></svg>{}</span>',
        css,
        symbol,
        word,
    )


@register.simple_tag
def truth_mark(value: bool | None) -> SafeString:
    """The mark of a condition, with its word for those who cannot see it."""
    symbol, _css = _MARKS[value]
    word = {True: _("满足"), False: _("不满足"), None: _("待定")}[value]
    return format_html('<svg class="mark" role="img" aria-label="{}"><use href="#{}"/></svg>', word, symbol)


@register.filter
def truth_class(value: bool | None) -> str:
    """The class that goes with a truth."""
    return _MARKS[value][1]


@register.filter
def yuan(fen: int | None) -> str:
    """1,000.00"""
    return (
        "–" if fen is None else f"{fen / 100:,.2f}" if abs(fen) < 2**53 else f"{fen // 100:,}.{fen % 100:02d}"
    )


@register.simple_tag
def claim_sum(claim: Any) -> str:
    """The sum of a claim in yuan, or its range while it is open; a dash where the measure grants none."""
    if claim.amount_fen is not None:
        return yuan(claim.amount_fen)
    if claim.verdict == "ineligible":
        return yuan(0)
    if claim.low_fen is None and claim.high_fen is None:
        return "–"
    low, high = claim.low_fen or 0, claim.high_fen
    if high is None:
        return _("%(low)s 以上") % {"low": yuan(low)}
    return (
        yuan(low)
        if low == high and claim.verdict == "eligible"
        else f"{yuan(0 if low == high else low)} – {yuan(high)}"
    )


@register.filter
def short_date(value: dt.date | dt.datetime | None) -> str:
    """11-25, with the year where it is another one."""
    if value is None:
        return "–"
    day = timezone.localtime(value).date() if isinstance(value, dt.datetime) else value
    return f"{day:%m-%d}" if day.year == timezone.localdate().year else f"{day:%Y-%m-%d}"


@register.filter
def county(value: str) -> str:
    """The name of a county."""
    return county_title(value)


@register.filter
def masked_if_person(name: str, kind: str) -> str:
    """The name of a claimant; a person's is masked."""
    return masked_name(name) if kind == "person" else name
