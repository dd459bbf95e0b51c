"""许政〔2020〕31号: the measures of Xuchang for stable employment, 24 November 2020."""

from __future__ import annotations

from functools import cache
from importlib import import_module, resources

from wenjiuye.policy.clauses import Document, load_document
from wenjiuye.policy.vocabulary import derivations
from wenjiuye.rules import Policy, ValueBook, build_policy, parse_values

ARTICLES = (
    "a01_cost_relief",
    "a02_job_retention",
    "a03_finance",
    "a04_investment",
    "a06_foreign_trade",
    "a07_new_drivers",
    "a08_startup_environment",
    "a09_startup_loans",
    "a10_returnees",
    "a11_tax_and_fee_relief",
    "a12_flexible_work",
    "a13_graduates",
    "a14_grassroots",
    "a15_internships",
    "a16_migrant_workers",
    "a17_other_groups",
    "a18_skills",
    "a19_services",
    "a20_labour_relations",
    "a21_unemployed",
    "a22_hardship",
)


def values() -> ValueBook:
    """The national and the local figures."""
    here = resources.files(__name__)
    national = resources.files("wenjiuye.policy.vocabulary").joinpath("national.toml")
    book = parse_values(national.read_text("utf-8"), "national.toml")
    return book.merged(parse_values(here.joinpath("values.toml").read_text("utf-8"), "values.toml"))


@cache
def policy() -> Policy:
    """The built policy. Raises DeclarationError with file and line where a declaration is wrong."""
    from wenjiuye.policy.xuchang_2020_31.stacking import GROUPS

    modules = [derivations, *(import_module(f"{__name__}.{name}") for name in ARTICLES)]
    return build_policy(
        "xuchang_2020_31",
        "许昌市关于进一步做好稳就业工作的实施意见",
        "Xuchang: implementing opinion on stable employment",
        modules=modules,
        values=values(),
        groups=GROUPS,
    )


def document() -> Document:
    """The document with its clauses."""
    return load_document(__name__)


# A wrong declaration is found on import, with its file and line, and not at somebody's counter.
policy()
