"""Cases for the tests of their page, made by the services from the golden registry; and what is posted from a page."""

from __future__ import annotations

import re
from typing import Any

from casework import FAILED_HIRE, HIRE, ON, Officers, fresh, picture
from django.http import HttpResponse
from django.test import Client
from officers import signed_in

from wenjiuye.platform.accounts.models import User
from wenjiuye.platform.claims import proof
from wenjiuye.platform.claims.models import Claim, ClaimEvidence
from wenjiuye.platform.claims.opening import NewClaim, Payee, open_claim
from wenjiuye.platform.claims.steps import take_step

CONTRACT = "contract_months"
ACCOUNT = "6222021234567890123"


def make_case(officers: Officers, key: str = HIRE, measure: str = "hiring_subsidy", **more: Any) -> Claim:
    """A claim that was accepted."""
    payee = Payee("禾木家居有限公司", "许昌银行", ACCOUNT)
    claim = open_claim(NewClaim(measure, key, ON, payee=payee, **more), officers.clerk)
    take_step(claim.number, "submit", officers.clerk, version=None)
    take_step(claim.number, "accept", officers.clerk, version=None)
    return fresh(claim)


def make_conflict(officers: Officers) -> Claim:
    """One in which the claimant says 12 months and the registry 6, with the contract to prove it."""
    claim = open_claim(NewClaim("hiring_subsidy", FAILED_HIRE, ON, declared={CONTRACT: 12}), officers.clerk)
    attach(claim, officers.clerk, fact=CONTRACT)
    take_step(claim.number, "submit", officers.clerk, version=None)
    take_step(claim.number, "accept", officers.clerk, version=None)
    return fresh(claim)


def attach(claim: Claim, by: User, fact: str = "", title: str = "劳动合同") -> ClaimEvidence:
    """A picture as evidence."""
    return proof.attach(claim.number, by, picture(), "contract.png", title=title, fact=fact)


def url(claim: Claim, step: str = "") -> str:
    return f"/claims/{claim.number}/{step}"


def page(user: User, claim: Claim, query: str = "") -> str:
    """The page of a claim as somebody sees it."""
    answer = signed_in(user).get(url(claim) + query)
    assert answer.status_code == 200, answer.status_code
    return answer.content.decode()


def post(
    client: Client, claim: Claim, step: str, *, form: str = "", version: int | None = None, **typed: Any
) -> Any:
    """Send a form of the page, with the version that the claim has now unless another is given."""
    sent = {"version": fresh(claim).version if version is None else version, "form": form or step, **typed}
    answer: HttpResponse = client.post(url(claim, f"{step}/"), sent)
    return answer


def text_of(html: str) -> str:
    """What a page says, without its markup."""
    return " ".join(re.sub(r"<[^>]+>", " ", html).split())
