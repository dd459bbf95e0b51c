"""A demonstration has one officer for each role, with a known password; no other installation has."""

from __future__ import annotations

import pytest
from officers import signed_in

from wenjiuye.platform.accounts.demo import demo_officers
from wenjiuye.platform.accounts.errors import AccountError
from wenjiuye.platform.accounts.jurisdiction import posts
from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.accounts.permissions import Role
from wenjiuye.platform.config.environment import Mode

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("mode", [Mode.DEVELOPMENT, Mode.PRODUCTION])
def test_only_a_demonstration_has_them(settings, mode: Mode):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"mode": mode})
    with pytest.raises(AccountError, match="演示"):
        demo_officers()
    assert not User.objects.exists()


def test_every_role_has_one_of_the_city_and_casework_one_of_a_county(settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"mode": Mode.DEMO})
    made = demo_officers()
    assert {one.role for one in made if not one.county} == set(Role)
    assert {one.role for one in made if one.county} == {
        Role.CLERK,
        Role.REVIEWER,
        Role.APPROVER,
        Role.ACCOUNTANT,
    }
    for one in made:
        assert one.user.check_password(one.password)
        assert [(post.role, post.county) for post in posts(one.user)] == [(one.role, one.county)]
        assert signed_in(one.user).get("/me/").status_code == 200


def test_asked_again_they_are_the_same_with_the_password_that_is_printed(settings):
    settings.ENVIRONMENT = settings.ENVIRONMENT.model_copy(update={"mode": Mode.DEMO})
    first = demo_officers()
    changed = first[0].user
    changed.set_password("something-else-42")
    changed.save()
    again = demo_officers()
    assert [one.user for one in again] == [one.user for one in first]
    assert again[0].user.check_password(again[0].password)
