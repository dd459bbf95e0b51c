"""Accounts are made by an administrator: nobody signs up, and single sign-on knows only whom we know."""

from __future__ import annotations

import time
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wenjiuye.platform.accounts.jurisdiction import posts
from wenjiuye.platform.accounts.models import User


class OfficersOnly(DefaultAccountAdapter):
    """No sign-up, and sentences of ours."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "account_inactive": gettext_lazy("这个帐号已停用，请联系系统管理员。"),
        "username_password_mismatch": gettext_lazy(
            "用户名或密码不对。请检查大小写；忘了密码请找系统管理员重设。"
        ),
        "enter_current_password": gettext_lazy("现在的密码不对，请再输入一次。"),
        "incorrect_password": gettext_lazy("密码不对，请再输入一次。"),
        "too_many_login_attempts": gettext_lazy("试得太多了，请过几分钟再试。"),
        "rate_limited": gettext_lazy("试得太多了，请过几分钟再试。"),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """To the desk; who has no post and keeps the system goes to its administration."""
        if request.user.is_superuser and not posts(request.user):
            return reverse("admin:index")
        return super().get_login_redirect_url(request)

    def is_reauthentication_required(self, *, app: str, **more: Any) -> bool:
        """Not of somebody who has signed in a moment ago."""
        signed_in_at = context.request.session.get("signed_in_at", 0)
        asked_long_ago = time.time() - signed_in_at > app_settings.REAUTHENTICATION_TIMEOUT
        return asked_long_ago and super().is_reauthentication_required(app=app, **more)

    def get_password_change_redirect_url(self, request: HttpRequest) -> str:
        """To one's own page."""
        return reverse("desk:me")


class KnownOfficersOnly(DefaultSocialAccountAdapter):
    """Single sign-on for users that an administrator has made, by their username."""

    def is_open_for_signup(self, request: HttpRequest, sociallogin: Any) -> bool:
        """Nobody may."""
        return False

    def pre_social_login(self, request: HttpRequest, sociallogin: Any) -> None:
        """Connect a first sign-on to the user of that name, or say that there is none."""
        if sociallogin.is_existing:
            return
        claims = sociallogin.account.extra_data
        username = (claims.get("userinfo") or claims.get("id_token") or {}).get("preferred_username")
        user = User.objects.filter(username=username, is_active=True).first() if username else None
        if user is None:
            messages.error(request, _("统一认证的这个帐号还没有在本系统开通，请联系系统管理员。"))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
