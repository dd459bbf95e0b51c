"""What the page of a case shows again and again: verdicts as words and as marks, the names of steps."""

from __future__ import annotations

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from wenjiuye.platform.desk import case_history

register = template.Library()
_SYMBOLS = {"eligible": "yes", "ineligible": "no", "undetermined": "ask"}


@register.simple_tag
def verdict_word(value: str) -> str:
    """符合, 不符合, 待定."""
    return {"eligible": _("符合"), "ineligible": _("不符合"), "undetermined": _("待定")}[value]


@register.simple_tag
def verdict_picture(value: str) -> SafeString:
    """The mark that goes before the word."""
    return format_html('<svg class="mark" aria-hidden="true"><use href="#{}"/></svg>', _SYMBOLS[value])


@register.filter
def step_title(name: str) -> str:
    """What a step is called."""
    return case_history.step_title(name)
