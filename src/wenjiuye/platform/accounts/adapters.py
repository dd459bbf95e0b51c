"""Accounts are made by an administrator: nobody signs up, and single sign-on knows only whom we know."""

from __future__ import annotations

from typing import Any

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core.exceptions import ImmediateHttpResponse
from allauth.socialaccount.adapter import DefaultSocialAccountAdapter
from django.contrib import messages
from django.http import HttpRequest
from django.shortcuts import redirect
from django.utils.translation import gettext as _

from wenjiuye.platform.accounts.models import User


class OfficersOnly(DefaultAccountAdapter):
    """No sign-up."""

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Nobody may."""
        return False


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
        username = claims.get("preferred_username") or claims.get("userinfo", {}).get("preferred_username") or ""
        user = User.objects.filter(username=username, is_active=True).first() if username else None
        if user is None:
            messages.error(request, _("统一认证的这个帐号还没有在本系统开通，请联系系统管理员。"))
            raise ImmediateHttpResponse(redirect("account_login"))
        sociallogin.connect(request, user)
