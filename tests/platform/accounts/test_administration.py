"""The administration site: superusers only, on record, nothing of what people did is deleted."""

from __future__ import annotations

import pytest
from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.test import Client
from django.urls import reverse
from officers import PASSWORD, officer, signed_in

from wenjiuye.platform.accounts.models import Appointment, IncompatibleRoles, User, today
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.privacy.models import PersonalDataAccess
from wenjiuye.platform.record import chain
from wenjiuye.platform.record.models import Link

pytestmark = pytest.mark.django_db


@pytest.fixture
def superuser() -> User:
    return officer(is_superuser=True, is_staff=True)


def _appointed(client: Client, user: User, role: Role, **more: str):
    given = {
        "user": user.pk,
        "role": role,
        "county": "jianan",
        "department": "",
        "starts_on": today(),
        **more,
    }
    return client.post(reverse("admin:accounts_appointment_add"), given)


def test_it_administers_what_it_says_and_nothing_of_libraries():
    assert {model._meta.label for model in admin.site._registry} == {
        "accounts.User",
        "accounts.Appointment",
        "accounts.IncompatibleRoles",
        "workdays.SpecialDay",
        "claims.ApprovalBand",
        "claims.SamplingRate",
        "privacy.PersonalDataAccess",
        "record.Link",
    }


@pytest.mark.parametrize("name", ["index", "login", "accounts_user_changelist"])
def test_who_is_not_signed_in_is_sent_to_our_own_sign_in(client: Client, name: str):
    assert client.get(reverse(f"admin:{name}"))["Location"].startswith("/accounts/login/")


@pytest.mark.parametrize("role", list(Role))
def test_no_role_opens_it(role: Role):
    client = signed_in(officer(role, is_staff=True))
    for name in ("index", "accounts_user_changelist", "accounts_appointment_add"):
        assert client.get(reverse(f"admin:{name}")).status_code == 403


@pytest.mark.usefixtures("second_factor_needed")
def test_a_superuser_needs_a_second_factor_too(superuser: User):
    assert signed_in(superuser).get(reverse("admin:index"))["Location"] == reverse("mfa_index")


def test_a_superuser_without_a_post_comes_here_after_signing_in(client: Client, superuser: User):
    answer = client.post("/accounts/login/", {"login": superuser.username, "password": PASSWORD})
    assert answer["Location"] == reverse("admin:index")


def test_every_list_and_form_opens(superuser: User):
    officer(Role.CLERK)
    PersonalDataAccess.objects.create(
        user=superuser, kind="unmask", subject="person:1", what="id", reason="核对身份"
    )
    chain.append("decision", "claim", {})
    client = signed_in(superuser)
    for model, site in admin.site._registry.items():
        name = f"admin:{model._meta.app_label}_{model._meta.model_name}"
        assert client.get(reverse(f"{name}_changelist")).status_code == 200, name
        first = model.objects.first()
        if first is not None:
            assert client.get(reverse(f"{name}_change", args=[first.pk])).status_code == 200, name
        may_add = site.has_add_permission(type("Request", (), {"user": superuser}))
        assert client.get(reverse(f"{name}_add")).status_code == (200 if may_add else 403), name


def test_an_account_made_here_is_on_record_and_no_superuser(superuser: User):
    given = {"username": "wangmin", "name": "王敏", "usable_password": "true", "password1": PASSWORD}
    signed_in(superuser).post(reverse("admin:accounts_user_add"), {**given, "password2": PASSWORD})
    made = User.objects.get(username="wangmin")
    assert not made.is_staff
    context = made.events.first().pgh_context.metadata
    assert (context["user"], context["why"]) == (superuser.pk, "POST /admin/accounts/user/add/")
    assert LogEntry.objects.get().user == superuser


def test_an_appointment_is_made_here_once(superuser: User):
    user = officer()
    assert _appointed(signed_in(superuser), user, Role.CLERK).status_code == 302
    made = Appointment.objects.get()
    assert (made.user, made.county) == (user, "jianan")
    assert made.events.get().pgh_context.metadata["user"] == superuser.pk


def test_roles_that_exclude_each_other_are_told_in_the_form(superuser: User):
    page = _appointed(signed_in(superuser), officer(Role.REVIEWER), Role.ACCOUNTANT)
    assert page.status_code == 200
    assert "同一人不能既是" in page.content.decode()
    assert Appointment.objects.count() == 1


def test_an_appointment_is_ended_here_not_deleted(superuser: User):
    held = officer(Role.CLERK, "jianan").appointments.get()
    client = signed_in(superuser)
    given = {"role": held.role, "county": held.county, "department": "", "user": held.user_id}
    given |= {"starts_on": held.starts_on, "ends_on": today()}
    client.post(reverse("admin:accounts_appointment_change", args=[held.pk]), given)
    held.refresh_from_db()
    assert held.ends_on == today()
    assert (
        client.post(reverse("admin:accounts_appointment_delete", args=[held.pk]), {"post": "yes"}).status_code
        == 403
    )


def test_a_place_that_the_policy_does_not_know_cannot_be_chosen(superuser: User):
    assert _appointed(signed_in(superuser), officer(), Role.CLERK, county="建安").status_code == 200
    assert not Appointment.objects.exists()


def test_a_new_pair_is_refused_while_somebody_holds_both(superuser: User):
    user = officer(Role.CLERK, name="刘敏")
    Appointment.objects.create(user=user, role=Role.REVIEWER)
    given = {"first": "reviewer", "second": "clerk", "reason": "受理和审核分开"}
    page = signed_in(superuser).post(reverse("admin:accounts_incompatibleroles_add"), given)
    assert "刘敏" in page.content.decode()
    assert not IncompatibleRoles.objects.filter(first="reviewer", second="clerk").exists()


@pytest.mark.parametrize(
    ("model", "name"), [(PersonalDataAccess, "privacy_personaldataaccess"), (Link, "record_link")]
)
def test_records_are_only_looked_at(superuser: User, model, name: str):
    PersonalDataAccess.objects.create(
        user=superuser, kind="unmask", subject="person:1", what="id", reason="核对身份"
    )
    chain.append("decision", "claim", {})
    row = model.objects.get()
    client = signed_in(superuser)
    assert client.post(reverse(f"admin:{name}_change", args=[row.pk]), {"what": "x"}).status_code == 403
    assert client.post(reverse(f"admin:{name}_delete", args=[row.pk]), {"post": "yes"}).status_code == 403


def test_a_lost_second_factor_is_reset_here_but_not_ones_own(superuser: User):
    from allauth.mfa.totp.internal.auth import TOTP, generate_totp_secret

    user = officer(Role.CLERK)
    for one in (user, superuser):
        TOTP.activate(one, generate_totp_secret())
    given = {"action": "forget_second_factor", "_selected_action": [user.pk, superuser.pk]}
    signed_in(superuser).post(reverse("admin:accounts_user_changelist"), given)
    assert not user.authenticator_set.exists()
    assert superuser.authenticator_set.exists()
    assert Link.objects.get().kind == "second factor reset"
