"""Every fact of a city once more, row by row: slow, plain, and independent of the program that runs cities.

Written from the definitions of the data model alone. A row is a dict, unknown is None, and yes and no follow
Kleene: an empty cell makes a fact unknown only where it could change the answer.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from fractions import Fraction
from functools import cache
from typing import Any

import polars as pl

from wenjiuye.policy.vocabulary import Enterprise, Person
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.calendar import begun_months, full_months, plus_months
from wenjiuye.rules.errors import RulesError
from wenjiuye.rules.evaluation import Evaluation
from wenjiuye.rules.measures import Measure

Row = Mapping[str, Any]
Facts = dict[str, Any]
Truth = bool | None

ONE_DAY = dt.timedelta(days=1)
MONTHLY = ("contribution", "premium", "tax")
RECOGNISED = {
    "registered_poor": "poverty_registered",
    "hardship_person": "hardship_person",
    "older_hardship_person": "older_hardship_person",
    "zero_employment_family_member": "zero_employment_family",
    "hardship_family": "hardship_family",
    "enlisted": "enlisted",
    "returnee": "returnee",
}
TAXES = (
    "vat",
    "urban_construction_tax",
    "education_surcharge",
    "local_education_surcharge",
    "income_tax",
    "personal_income_tax",
)
RENTS = {
    "state_property_rent_relief": "landlord_state_owned",
    "standard_workshop_rent_preference": "in_cluster_standard_workshop",
}
LEDGER = ("months_granted", "granted_before", "awarded_before", "paid_this_year")
CLAIMED = (
    *LEDGER,
    "months_paid",
    "contributions_paid",
    "employer_contributions_paid_per_month",
    "internship_months",
    "rent_due",
)


# ── Kleene's yes, no and unknown; choices among rows


def any3(truths: Iterable[Truth]) -> Truth:
    """Yes where one is yes; unknown where one is unknown and none is yes."""
    seen = list(truths)
    return True if True in seen else None if None in seen else False


def all3(*truths: Truth) -> Truth:
    """No where one is no; unknown where one is unknown and none is no."""
    return False if False in truths else None if None in truths else True


def not3(truth: Truth) -> Truth:
    """The contrary; unknown stays unknown."""
    return None if truth is None else not truth


def above(number: int | None, least: int) -> Truth:
    """Whether a number is above another."""
    return None if number is None else number > least


def total(numbers: Iterable[int | None]) -> int | None:
    """The sum; unknown where one is."""
    seen = list(numbers)
    return None if None in seen else sum(n for n in seen if n is not None)


def outcomes(
    rows: Sequence[Row], order: str, chosen: Callable[[Row], Truth], value: Callable[[Row], Any], none: Any
) -> list[Any]:
    """What the last chosen row may say, one answer for each way in which the unknown may turn out.

    Of equal dates the later row is the last.
    """
    found = []
    in_order = sorted((r for r in rows if chosen(r) is not False), key=lambda r: r[order])
    for row in in_order[::-1]:
        found.append(value(row))
        if chosen(row):
            return found
    return [*found, none]


def agreed(answers: Sequence[Any]) -> Any:
    """The answer, if there is only one."""
    return answers[0] if all(answer == answers[0] for answer in answers) else None


def last(rows: Sequence[Row], order: str) -> Row | None:
    """The row with the latest date, of equal dates the later row."""
    return sorted(rows, key=lambda r: r[order])[-1] if rows else None


def is_open(row: Row, day: dt.date, start: str = "started_on", end: str = "ended_on") -> bool:
    """Begun by the day and not over before it."""
    return row[start] <= day and (row[end] is None or row[end] >= day)


def month_of(day: dt.date) -> dt.date:
    """The month of a day, as its first day."""
    return day.replace(day=1)


class SecondOpinion:
    """The facts of a registry on one day.

    tables: every table that the city keeps, in kernel form. incomplete: owners some of whose rows were set
    aside, by `table.column`.
    """

    def __init__(
        self,
        tables: Mapping[str, pl.DataFrame],
        on: dt.date,
        incomplete: Mapping[str, Collection[str]] | None = None,
    ) -> None:
        self.tables = {name: frame.to_dicts() for name, frame in tables.items()}
        self.on, self.incomplete = on, incomplete or {}
        self.settled = plus_months(month_of(on + ONE_DAY), -1)
        self.settled_end = plus_months(self.settled, 1) - ONE_DAY
        self.new_year = dt.date(on.year, 1, 1)
        self.firsts = {t: min((r["month"] for r in self.tables.get(t, [])), default=None) for t in MONTHLY}
        self._owned: dict[tuple[str, str], dict[str, list[Row]]] = {}
        self.size_of = cache(self._size_of)
        self.firm = cache(self._firm)
        self.hired = cache(self._hired)
        self.today = cache(lambda who: self.person(who, on))

    def of(self, table: str, by: str, owner: str | None) -> list[Row] | None:
        """The rows of a table that name an owner; unknown where the table is not kept or rows were set aside."""
        if table not in self.tables or owner in self.incomplete.get(f"{table}.{by}", ()):
            return None
        if (table, by) not in self._owned:
            index: dict[str, list[Row]] = defaultdict(list)
            for row in self.tables[table]:
                if row[by] is not None:
                    index[row[by]].append(row)
            self._owned[table, by] = index
        return self._owned[table, by].get(owner or "", [])

    def begun(self, table: str, by: str, owner: str, day: dt.date) -> list[Row] | None:
        """Those of them that have begun by a day."""
        rows = self.of(table, by, owner)
        return None if rows is None else [r for r in rows if r["started_on"] <= day]

    def row(self, table: str, key: str | None) -> Row | None:
        """The row with an id."""
        rows = [] if key is None else self.of(table, "id", key)
        return rows[0] if rows else None

    def value(self, name: str) -> int:
        """A figure of the policy on the day; where none is in force, the earliest one."""
        value = policy().values[name]
        figure = (value.on(self.on) or value.entries[0]).figures[None]
        assert isinstance(figure, int)
        return figure

    def with_findings(self, subject: str, key: str, day: dt.date, facts: Facts) -> Facts:
        """With what was found or declared in the place of what follows from the tables."""
        told: dict[str, Row] = {}
        for row in sorted(self.of("finding", "subject_id", key) or [], key=lambda r: r["valid_from"]):
            if row["subject"] == subject and is_open(row, day, "valid_from", "valid_to"):
                told[row["fact"]] = row
        found = dict(facts)
        for name, row in told.items():
            fact = policy().subjects[subject].facts.get(name)
            if fact is not None:
                try:
                    found[name] = fact.read(row["value"])
                except RulesError:
                    continue
        return found

    # ── People

    def people(self) -> dict[str, Facts]:
        """Everybody who is alive, as on the day."""
        alive = [r["id"] for r in self.tables["person"] if r["died_on"] is None or r["died_on"] > self.on]
        return {who: self.today(who) for who in alive}

    def person(self, who: str, day: dt.date, *, job: dt.date | None = None, hired: bool = False) -> Facts:
        """Somebody as on a day. job: the first day of the job in question; hired: that it ends registrations."""
        facts = self._registered_person(who)
        left_school = self._left_school(who, day)
        facts |= self._schooling(who, day, left_school)
        facts |= self._registration(who, day, day - ONE_DAY if hired else day)
        facts |= self._recognitions(who, day)
        facts |= self._benefits(who, day)
        facts |= self._service(who, day)
        facts |= self._own_firms(who, day)
        facts |= self._jobs(who, day, job, left_school)
        facts |= self._together(facts, who, day)
        if job is None:
            facts["social_insurance_paid"] = self._pays_own_insurance(who)
        return self.with_findings("person", who, day, facts)

    def _registered_person(self, who: str) -> Facts:
        row = self.row("person", who)
        columns = ("county", "birth_date", "sex", "post_type", "habitual_residence_here")
        facts = {name: row and row[name] for name in columns}
        home = row and self.row("household", row["household"])
        told = [place["rural"] for place in (home, row) if place and place["rural"] is not None]
        return {**facts, "rural": told[0] if told else None}

    def _left_school(self, who: str, day: dt.date) -> list[dt.date | None] | None:
        """The days on which school may have been left last; None in the list: never. None alone: anything."""
        rows = self.begun("enrolment", "person", who, day)
        if rows is None:
            return None
        return outcomes(rows, "left_on", lambda r: has_certificate(r, day), lambda r: r["left_on"], None)

    def _schooling(self, who: str, day: dt.date, left_school: list[dt.date | None] | None) -> Facts:
        rows = self.begun("enrolment", "person", who, day)
        if rows is None or left_school is None:
            return {}
        college = [r for r in rows if r["level"] == "college"]
        studying = [r for r in rows if not has_left(r, day)]
        at_college = [r for r in studying if r["level"] == "college"]
        latest = last(rows, "started_on")

        def of_latest(courses: list[Row], value: Callable[[Row], Any], none: Any) -> Any:
            return agreed(outcomes(courses, "left_on", lambda r: has_certificate(r, day), value, none))

        return {
            "college_graduate": any3(has_certificate(r, day) for r in college),
            "vocational_graduate": any3(has_certificate(r, day) for r in rows if r["level"] == "vocational"),
            "left_school_on": agreed(left_school),
            "college_student": bool(at_college),
            "in_final_school_year": any3(in_final_year(r["expected_on"], day) for r in at_college),
            "fresh_graduate": any3(in_year(ends_on(r, day), day.year) for r in college),
            "major_on_list": of_latest(college, lambda r: r["major_on_list"], False),
            "school_leaver_not_continuing": latest is not None
            and latest["level"] in ("junior_secondary", "senior_secondary")
            and not studying,
            "left_school_late": of_latest(rows, lambda r: r["delayed_by_school"], False),
            "delay_days": of_latest(rows, days_late, 0),
        }

    def _registration(self, who: str, day: dt.date, look: dt.date) -> Facts:
        """What the registration that is open on `look` says on the day."""
        rows = self.of("unemployment_registration", "person", who)
        if rows is None:
            return {}
        row = last([r for r in rows if is_open(r, look, "registered_on", "ended_on")], "registered_on")
        told = ("seeking_work", "able_to_work", "wants_to_work")
        return {
            "registered_unemployed": row is not None,
            "real_name_registered": row is not None,
            "months_registered_unemployed": full_months(row["registered_on"], day) if row else 0,
            "certificate_note": row["certificate_note"] if row else "none",
            **{name: row and row[name] for name in told},
            "unemployment_insured": row["insured_before"] if row else False,
            "#laid_off": row["laid_off"] if row else False,
        }

    def _categories(self, who: str, day: dt.date) -> set[str] | None:
        rows = self.of("recognition", "person", who)
        if rows is None:
            return None
        return {r["category"] for r in rows if is_open(r, day, "valid_from", "valid_to")}

    def _recognitions(self, who: str, day: dt.date) -> Facts:
        valid = self._categories(who, day)
        if valid is None:
            return {}
        family = {"poverty_registered_family": "poverty_registered"}
        categories = [m for m in Person.hardship_category.members if m != "none"]
        hardship = [name for name in categories if family.get(name, name) in valid]
        return {
            **{fact: category in valid for fact, category in RECOGNISED.items()},
            "hardship_category": hardship[0] if hardship else "none",
        }

    def _benefits(self, who: str, day: dt.date) -> Facts:
        rows = self.begun("benefit_period", "person", who, day)
        if rows is None:
            return {}
        benefit = [r for r in rows if r["kind"] == "unemployment_benefit"]
        running = [r for r in benefit if r["ends_on"] >= day and not stopped_before(r, day)]
        latest = last(benefit, "started_on")
        whole = [r for r in rows if r["kind"] == "flexible_subsidy" and not cut_short(r, day)]
        ends = max((r["ends_on"] for r in whole), default=None)
        return {
            "receives_unemployment_benefit": bool(running),
            "qualifies_for_benefit": bool(running),
            "benefit_exhausted": latest is not None
            and latest["ends_on"] < day
            and not cut_short(latest, day),
            "medical_contribution_due": total(r["medical_contribution_per_month"] for r in running),
            "receives_flexible_subsidy": bool(whole),
            "flexible_subsidy_ends_on": ends,
            "stably_employed": self._works_on(who, ends, day) if ends else None,
        }

    def _works_on(self, who: str, later: dt.date, day: dt.date) -> Truth:
        """Whether a labour contract, as it is known on the day, is open on a later (or earlier) one."""
        jobs = self.begun("employment", "person", who, day)
        if jobs is None:
            return None
        return any(
            r["form"] == "labour_contract"
            and r["started_on"] <= later
            and (r["ended_on"] is None or r["ended_on"] > day or r["ended_on"] >= later)
            for r in jobs
        )

    def _service(self, who: str, day: dt.date) -> Facts:
        rows = self.begun("grassroots_service", "person", who, day)
        if rows is None:
            return {}
        latest = last(rows, "started_on")
        over = latest is not None and latest["ended_on"] is not None and latest["ended_on"] <= day
        return {
            "served_below_county": bool(rows),
            "service_completed": latest["completed"] if latest and over else False,
            "service_assessment_passed": latest["assessment_passed"] if latest else False,
        }

    def _own_firms(self, who: str, day: dt.date) -> Facts:
        """From the firms in somebody's name; whether one without a date was registered by the day is unknown."""
        firms = self.of("enterprise", "owner", who)
        if firms is None:
            return {}
        ever = {r["id"]: registered_by(r, day) for r in firms}
        now = {r["id"]: all3(ever[r["id"]], not deregistered_by(r, day)) for r in firms}
        days = [r["registered_on"] for r in firms if ever[r["id"]]]
        maybe = list(ever.values()).count(None)
        only_one: Truth = len(days) == 1
        if maybe and len(days) < 2:
            only_one = None
        return {
            "#owner": any3(now.values()),
            "small_firm_owner": any3(all3(now[r["id"]], self._is_small(r)) for r in firms),
            "business_started_on": None if maybe else min(days, default=None),
            "first_startup": only_one,
        }

    def _is_small(self, firm: Row) -> Truth:
        size = self.size_of(firm["id"])
        trader = None if firm["legal_form"] is None else firm["legal_form"] == "sole_trader"
        return any3([trader, None if size is None else size in ("micro", "small")])

    def _jobs(
        self, who: str, day: dt.date, job: dt.date | None, left_school: list[dt.date | None] | None
    ) -> Facts:
        every = self.of("employment", "person", who)
        rows = self.begun("employment", "person", who, day)
        if rows is None or every is None:
            return {}
        now = [r for r in rows if is_open(r, day)]
        flexible = [r["started_on"] for r in now if r["form"] == "flexible"]
        posts = [r for r in rows if r["form"] == "public_post"]
        post = last(posts, "started_on")
        since = job or max(flexible, default=day + ONE_DAY)
        return {
            "#job": bool(now),
            "#worker": any(r["form"] in ("labour_contract", "flexible") for r in now),
            "flexibly_employed": bool(flexible),
            "flexible_job_started_on": max(flexible, default=None),
            "employed_before": any3(after_school(r, left_school) for r in every if r["started_on"] < since),
            "public_post_placements": len(posts),
            "public_post_period_ended": post is not None
            and post["ended_on"] is not None
            and post["ended_on"] < day,
        }

    def _together(self, facts: Facts, who: str, day: dt.date) -> Facts:
        employed = any3([facts.get("#job"), facts.get("#owner")])
        idle, registered = not3(employed), facts.get("registered_unemployed")
        worker = all3(facts["rural"], facts.get("#worker"))
        valid = self._categories(who, day)
        groups = {
            "college_graduate": facts.get("college_graduate"),
            "unemployed": registered,
            "veteran": None if valid is None else "veteran" in valid,
            "migrant_worker": worker,
            "other": True,
        }
        group = next(name for name, truth in groups.items() if truth is not False)
        return {
            "employed": employed,
            "unemployed": all3(idle, not3(facts.get("college_student"))),
            "laid_off_unemployed": all3(registered, facts.get("#laid_off"), idle),
            "migrant_worker": worker,
            "key_group": group if groups[group] else None,
        }

    def _pays_own_insurance(self, who: str) -> Truth:
        rows = self.of("contribution", "person", who)
        if rows is None:
            return None
        return any(r["employer"] is None and r["month"] == self.settled for r in rows)

    # ── Employers

    def registered(self) -> list[Row]:
        """The employers that are decided: neither gone by the day nor known to come later."""
        return [
            r
            for r in self.tables["enterprise"]
            if registered_by(r, self.on) is not False and not deregistered_by(r, self.on)
        ]

    def firms(self, deductible: Mapping[str, Truth] | None = None) -> dict[str, Facts]:
        """Every employer. deductible: of each hire whether a tax is deducted for it, as far as it is known."""
        found = {}
        for row in self.registered():
            facts = {**self.firm(row["id"]), **self._new_hires(row["id"])}
            if deductible is not None:
                facts |= self._deductible(row["id"], deductible)
            found[row["id"]] = self.with_findings("enterprise", row["id"], self.on, facts)
        return found

    def _firm(self, firm: str) -> Facts:
        """An employer without what follows from hires."""
        row = self.row("enterprise", firm)
        assert row is not None
        facts: Facts = {"county": row["county"], "industry": row["industry"]}
        facts |= self._reports(firm)
        facts |= self._staff(firm)
        facts |= self._insured(firm)
        facts |= self._premiums(firm)
        facts |= {name: sum_ for name, sum_ in self.taxes(firm).items() if name != "personal_income_tax_due"}
        facts |= self._leases(firm)
        facts |= self._listings(firm)
        facts |= self._trainings(firm)
        return self.with_findings("enterprise", firm, self.on, facts)

    def _size_of(self, firm: str) -> str | None:
        """The size as given, else by the rule of the size standard; unknown of employers that are not decided."""
        if firm not in {r["id"] for r in self.registered()}:
            return None
        size = policy().fact_of("enterprise", "size")
        found: str | None = Evaluation(policy(), self.firm(firm), self.on).value(size)
        return found

    def _reports(self, firm: str) -> Facts:
        rows = self.of("annual_report", "enterprise", firm)
        if rows is None:
            return {}
        # The later row corrects the earlier one.
        by_year = {r["year"]: r for r in rows}
        before, this = by_year.get(self.on.year - 1), by_year.get(self.on.year)
        given = ("assets", "taxable_income", "disability_fund_payer", "disability_fund_due")
        share = before and before["disabled_staff_share.num"]
        return {
            **{name: before and before[name] for name in ("size", "revenue")},
            **{name: this and this[name] for name in given},
            "disabled_staff_share": None
            if before is None or share is None
            else Fraction(share, before["disabled_staff_share.den"]),
        }

    def _staff(self, firm: str) -> Facts:
        rows = self.begun("employment", "employer", firm, self.on)
        if rows is None:
            return {}
        now = [r for r in rows if is_open(r, self.on)]
        ended = [r for r in rows if r["ended_on"] is not None and r["ended_on"].year == self.on.year - 1]
        valid = [self._categories(r["person"], self.on) for r in now]
        return {
            "staff": len(now),
            "layoffs_last_year": None
            if any(r["end_reason"] is None for r in ended)
            else sum(r["end_reason"] == "layoff" for r in ended),
            "poor_staff": self._poor(valid),
        }

    def _poor(self, valid: list[set[str] | None]) -> int | None:
        if "recognition" not in self.tables:
            return None
        return total(None if known is None else int("poverty_registered" in known) for known in valid)

    def _insured(self, firm: str) -> Facts:
        months = {
            "insured_staff": self.settled,
            "insured_staff_at_year_start": dt.date(self.on.year - 1, 1, 1),
        }
        return {name: self._heads(firm, month) for name, month in months.items()}

    def _heads(self, firm: str, month: dt.date) -> int | None:
        rows, first = self.of("contribution", "employer", firm), self.firsts["contribution"]
        if rows is None or first is None or month < first:
            return None
        insured: dict[str, list[Truth]] = defaultdict(list)
        for row in rows:
            if row["month"] == month:
                insured[row["person"]].append(row["unemployment_insured"])
        heads = [any3(told) for told in insured.values()]
        return None if None in heads else heads.count(True)

    def _premiums(self, firm: str) -> Facts:
        rows = self.of("premium", "enterprise", firm)
        if rows is None:
            return {}
        rows = [r for r in rows if r["month"] <= self.settled]
        mine = [r for r in rows if r["insurance_kind"] == "unemployment"]
        long_enough = len({r["month"] for r in mine}) >= self.value("refund_insured_months")
        first, last_year = self.firsts["premium"], self.on.year - 1
        known = first is not None and first <= dt.date(last_year, 1, 1)
        return {
            "unemployment_insured": all3(long_enough, not3(any3(owing(r) for r in mine))),
            "unemployment_premiums_last_year": total(r["paid"] for r in mine if r["month"].year == last_year)
            if known
            else None,
            "social_insurance_due_per_month": total(due(r) for r in rows if r["month"] == self.settled),
        }

    def taxes(self, firm: str) -> Facts:
        """What is due of each tax in the year up to the settled month."""
        rows = self.of("tax", "enterprise", firm)
        if rows is None:
            return {}
        rows = [r for r in rows if self.new_year <= r["month"] <= self.settled]
        return {f"{kind}_due": total(r["due"] for r in rows if r["kind"] == kind) for kind in TAXES}

    def _open_leases(self, firm: str) -> list[Row] | None:
        rows = self.of("lease", "tenant", firm)
        return None if rows is None else [r for r in rows if is_open(r, self.on)]

    def _leases(self, firm: str) -> Facts:
        rows = self._open_leases(firm)
        if rows is None:
            return {}
        asked = ("landlord_state_owned", "in_cluster_standard_workshop")
        return {"leases_business_property": bool(rows), **{n: any3(r[n] for r in rows) for n in asked}}

    def _listings(self, firm: str) -> Facts:
        rows = self.of("firm_listing", "enterprise", firm)
        if rows is None:
            return {}
        valid = {r["category"] for r in rows if is_open(r, self.on, "valid_from", "valid_to")}
        kinds = [name for name in Enterprise.absorber_kind.members if name in valid]
        return {
            "zombie_or_dishonest": bool(valid & {"zombie", "serious_dishonesty"}),
            "absorber_kind": kinds[0] if kinds else "other",
        }

    def _trainings(self, firm: str) -> Facts:
        rows = self.of("training", "organiser", firm)
        if rows is None:
            return {}
        trained = {
            r["trainee"]
            for r in rows
            if r["training_type"] in ("staff_online", "staff_offline")
            and self.new_year <= r["training_started_on"] <= self.on
        }
        return {"staff_trained_on_the_job": len(trained)}

    def _new_hires(self, firm: str) -> Facts:
        rows = self.of("employment", "employer", firm)
        if rows is None:
            return {}
        new = [
            self.hired(r["id"])["key_group"]
            for r in rows
            if r["form"] == "labour_contract" and r["started_on"].year == self.on.year and is_open(r, self.on)
        ]
        return {"eligible_new_hires_this_year": total(None if g is None else int(g != "other") for g in new)}

    def _deductible(self, firm: str, deductible: Mapping[str, Truth]) -> Facts:
        rows = self.of("employment", "employer", firm)
        if rows is None:
            return {}
        counted = {r["id"]: deductible[r["id"]] for r in rows if r["id"] in deductible}
        worked = {r["id"]: self._months_worked(r) for r in rows}
        months = [0 if not worked[i] or c is False else worked[i] if c else None for i, c in counted.items()]
        return {
            "deductible_hires": total(None if c is None else int(c) for c in counted.values()),
            "deductible_hire_months": total(months),
        }

    def _months_worked(self, job: Row) -> int:
        """The months of the year in which a job was open on some day up to the day."""
        count = 0
        for number in range(self.on.month):
            first = plus_months(self.new_year, number)
            end = min(plus_months(first, 1) - ONE_DAY, self.on)
            count += job["started_on"] <= end and (job["ended_on"] is None or job["ended_on"] >= first)
        return count

    # ── Hires, internships, trainings

    def hire_rows(self) -> list[Row]:
        """The labour contracts that are decided."""
        first = plus_months(self.on, -self.value("hire_tax_deduction_months"))
        return [
            r
            for r in self.tables["employment"]
            if r["form"] == "labour_contract"
            and self.row("enterprise", r["employer"]) is not None
            and first < r["started_on"] <= self.on
        ]

    def _hired(self, job: str) -> Facts:
        row = self.row("employment", job)
        assert row is not None
        return self.person(row["person"], row["started_on"], job=row["started_on"], hired=True)

    def hired_people(self) -> dict[str, Facts]:
        """The person of each hire as on the day of hiring."""
        return {r["id"]: self.hired(r["id"]) for r in self.hire_rows()}

    def hires(self) -> dict[str, Facts]:
        """Every hire."""
        found = {}
        for row in self.hire_rows():
            facts: Facts = {"hired_on": row["started_on"], "contract_months": row["contract_months"]}
            rows = self._paid_by_employer(row)
            if row["started_on"] <= self.settled_end and rows is not None:
                facts["social_insurance_paid"] = any(r["month"] == self.settled for r in rows)
            granted = self.grants("epidemic_hiring_subsidy", row["id"])
            facts["counted_in_epidemic_hiring"] = None if granted is None else bool(granted)
            found[row["id"]] = self.with_findings("hire", row["id"], self.on, facts)
        return found

    def _paid_by_employer(self, job: Row) -> list[Row] | None:
        rows = self.of("contribution", "person", job["person"])
        return None if rows is None else [r for r in rows if r["employer"] == job["employer"]]

    def internship_rows(self) -> list[Row]:
        """The internships that have begun."""
        return [r for r in self.tables["internship"] if r["started_on"] <= self.on]

    def internships(self) -> dict[str, Facts]:
        """Every internship."""
        found = {}
        for row in self.internship_rows():
            end, signed = planned_end(row), row["contract_signed_on"]
            by_now = signed is not None and signed <= self.on
            facts = {
                "internship_started_on": row["started_on"],
                "retention_rate": self._retention(row),
                "interrupted_by_epidemic": row["interrupted_by_epidemic"],
                "interrupted_months": row["interrupted_months"],
                "contract_signed_early": by_now and signed < end,
                "remaining_months": max(full_months(signed, end + ONE_DAY), 0) if by_now else None,
            }
            found[row["id"]] = self.with_findings("internship", row["id"], self.on, facts)
        return found

    def _retention(self, row: Row) -> Fraction | None:
        rows = self.of("internship", "host", row["host"])
        if rows is None:
            return None
        batch = [
            r["kept"]
            for r in rows
            if month_of(r["started_on"]) == month_of(row["started_on"])
            and r["started_on"] <= self.on
            and r["ended_on"] is not None
            and r["ended_on"] <= self.on
        ]
        return None if None in batch or not batch else Fraction(sum(batch), len(batch))

    def trainees(self) -> dict[str, Facts]:
        """The trainee of each internship as on its first day."""
        rows = self.internship_rows()
        return {r["id"]: self.person(r["trainee"], r["started_on"], job=r["started_on"]) for r in rows}

    def training_rows(self) -> list[Row]:
        """The trainings that have begun."""
        return [r for r in self.tables["training"] if r["training_started_on"] <= self.on]

    def trainings(self) -> dict[str, Facts]:
        """Every place in a class."""
        registered = (
            "training_type",
            "is_new_hire",
            "training_started_on",
            "approved_body",
            "internet_plus",
            "during_epidemic",
        )
        found = {}
        for row in self.training_rows():
            facts = {name: row[name] for name in registered}
            facts["organised_by_enterprise"] = row["organiser"] is not None
            found[row["id"]] = self.with_findings("training", row["id"], self.on, facts)
        return found

    def learners(self) -> dict[str, Facts]:
        """The trainee of each training as on its first day."""
        found = {}
        for row in self.training_rows():
            day = row["training_started_on"]
            found[row["id"]] = self.person(row["trainee"], day, job=day)
        return found

    # ── Traders, months, tenants

    def sole_traders(self) -> dict[str, Facts]:
        """Every sole trader."""
        found = {}
        for row in self.registered():
            if row["legal_form"] == "sole_trader":
                facts = {**self.taxes(row["id"]), "registered_on": row["registered_on"]}
                facts.pop("income_tax_due", None)
                found[row["id"]] = self.with_findings("sole_trader", row["id"], self.on, facts)
        return found

    def claim_periods(self) -> dict[str, Facts]:
        """The premiums of the settled month; the later row corrects the earlier one."""
        declared = (
            "insurance_kind",
            "contribution_base",
            "injury_rate_class",
            "employer_part_due",
            "late_fee_due",
        )
        found = {}
        for row in self.tables["premium"]:
            if row["month"] == self.settled:
                key = f"{row['enterprise']}|{row['insurance_kind']}|{row['month']:%Y-%m}"
                facts = {name: row[name] for name in declared} | {"contribution_month": row["month"]}
                found[key] = self.with_findings("claim_period", key, self.on, facts)
        return found

    def revenues(self) -> dict[str, Facts]:
        """The sales of the settled month."""
        rows = [
            r for r in self.tables["sales"] if self.settled <= r["tax_obligation_date"] <= self.settled_end
        ]
        return {
            r["id"]: self.with_findings("taxpayer_revenue", r["id"], self.on, as_kept("taxpayer_revenue", r))
            for r in rows
        }

    def park_tenants(self) -> dict[str, Facts]:
        """The leases in parks that are open at the end of the settled month."""
        found = {}
        for row in self.tables["lease"]:
            if row["park_kind"] is None or not is_open(row, self.settled_end):
                continue
            tenant, bills = self.row("enterprise", row["tenant"]), self.of("bill", "lease", row["id"])
            facts = {
                "returnee_enterprise": tenant and tenant["founded_by_returnee"],
                "park_kind": row["park_kind"],
                "rent": row["rent_per_month"],
            }
            if bills is not None:
                for cost in ("property_fee", "sanitation_fee", "utilities", "venue_fee"):
                    facts[cost] = sum(
                        b["amount"] for b in bills if b["kind"] == cost and b["month"] == self.settled
                    )
            found[row["id"]] = self.with_findings("park_tenant", row["id"], self.on, facts)
        return found

    def as_they_are(self, subject: str) -> dict[str, Facts]:
        """A table whose facts are kept outright."""
        rows = self.tables[subject]
        return {r["id"]: self.with_findings(subject, r["id"], self.on, as_kept(subject, r)) for r in rows}

    # ── What holds for one measure alone

    def grants(self, measure: str, subject_id: str) -> list[Row] | None:
        """What was granted under a measure by the day."""
        rows = self.of("grant", "subject_id", subject_id)
        if rows is None:
            return None
        return [r for r in rows if r["measure"] == measure and r["granted_on"] <= self.on]

    def claim(self, measure: Measure, key: str) -> Facts:
        """The facts of one row that hold for one measure alone, findings before all."""
        facts = self._ledger(measure.id, key)
        subject, granted = measure.subject.id, facts["months_granted"]
        if subject == "hire":
            facts |= self._claimed_by_employer(measure, key, granted)
        elif subject == "person":
            facts |= self._claimed_by_person(measure, key, granted)
        elif subject == "internship":
            facts["internship_months"] = self._internship_months(key, granted)
        elif subject == "enterprise" and measure.id in RENTS:
            facts["rent_due"] = self._rent_due(key, RENTS[measure.id])
        found = self.with_findings(subject, key, self.on, facts)
        return {name: found.get(name) for name in CLAIMED}

    def _ledger(self, measure: str, key: str) -> Facts:
        grants = self.grants(measure, key)
        if grants is None:
            return dict.fromkeys(LEDGER)
        return {
            "months_granted": sum(months_of(g) for g in grants),
            "granted_before": bool(grants),
            "awarded_before": bool(grants),
            "paid_this_year": self._paid_this_year(grants),
        }

    def _paid_this_year(self, grants: list[Row]) -> int | None:
        """What was granted for months of the running year of the subsidy, in which the settled month lies."""
        if not grants:
            return 0
        begins = min(first_month(g) for g in grants)
        while begins > self.settled:
            begins = plus_months(begins, -12)
        while plus_months(begins, 12) <= self.settled:
            begins = plus_months(begins, 12)
        return total(g["amount"] for g in grants if begins <= first_month(g) < plus_months(begins, 12))

    def _paid_elsewhere(self, measure: Measure, person: str) -> set[dt.date] | None:
        """Months that another member of a group that clashes by the month was granted for, for this person."""
        groups = [g for g in policy().groups if g.span == "month" and measure.id in g.members]
        others = {name for group in groups for name in group.members} - {measure.id}
        grants = self.of("grant", "person", person) if others else []
        if grants is None:
            return None
        return {
            plus_months(first_month(g), n)
            for g in grants
            if g["measure"] in others and g["granted_on"] <= self.on
            for n in range(months_of(g))
        }

    def _left_to_claim(
        self, measure: Measure, person: str, paid: list[Row], since: dt.date, granted: int | None
    ) -> dict[dt.date, list[Row]] | None:
        """Months with a contribution that are still to be paid for, in order, with their rows."""
        elsewhere = self._paid_elsewhere(measure, person)
        if elsewhere is None or granted is None:
            return None
        months = sorted(
            {r["month"] for r in paid if month_of(since) <= r["month"] <= self.settled} - elsewhere
        )
        return {month: [r for r in paid if r["month"] == month] for month in months[granted:]}

    def _claimed_by_employer(self, measure: Measure, job: str, granted: int | None) -> Facts:
        row = self.row("employment", job)
        assert row is not None
        paid = self._paid_by_employer(row)
        if paid is None:
            return {}
        left = self._left_to_claim(measure, row["person"], paid, row["started_on"], granted)
        if left is None:
            return {}
        kinds = ("employer_pension_paid", "employer_unemployment_paid", "employer_medical_paid")
        sums = total(total(r[kind] for kind in kinds) for rows in left.values() for r in rows)
        mean = None if sums is None else Fraction(sums, max(len(left), 1))
        return {
            "months_paid": len(left),
            "employer_contributions_paid_per_month": None if mean is None else int(mean + Fraction(1, 2)),
        }

    def _claimed_by_person(self, measure: Measure, person: str, granted: int | None) -> Facts:
        paid, facts = self.of("contribution", "person", person), self.today(person)
        since, works = facts.get("flexible_job_started_on"), facts.get("flexibly_employed")
        if paid is None or (since is None and works is not False):
            return {}
        own = [r for r in paid if since is not None and r["employer"] is None]
        left = self._left_to_claim(measure, person, own, since or self.on, granted)
        if left is None:
            return {}
        return {
            "months_paid": len(left),
            "contributions_paid": total(r["own_paid"] for rows in left.values() for r in rows),
        }

    def _internship_months(self, key: str, granted: int | None) -> int | None:
        row = self.row("internship", key)
        assert row is not None
        if granted is None:
            return None
        end = min(row["ended_on"] or self.on, planned_end(row), self.on)
        begun = min(begun_months(row["started_on"], end + ONE_DAY), row["planned_months"])
        return max(begun - granted, 0)

    def _rent_due(self, firm: str, which: str) -> int | None:
        """The rent of the leases of one kind; a lease that costs nothing may be of any kind."""
        rows = self._open_leases(firm)
        if rows is None:
            return None
        mine = [r for r in rows if r[which] is not False and (r[which] or r["rent_per_month"] != 0)]
        return total(r["rent_per_month"] if r[which] else None for r in mine)


# ── What one row says


def has_left(course: Row, day: dt.date) -> bool:
    """Whether a school was left by the day."""
    return course["left_on"] is not None and course["left_on"] <= day


def has_certificate(course: Row, day: dt.date) -> Truth:
    """Whether a school was left by the day with a certificate."""
    return all3(has_left(course, day), course["graduated"])


def ends_on(course: Row, day: dt.date) -> dt.date | None:
    """When a course ended, or should end as it is known on the day."""
    ends: dt.date | None = course["left_on"] if has_left(course, day) else course["expected_on"]
    return ends


def in_year(day: dt.date | None, year: int) -> Truth:
    """Whether a day lies in a year."""
    return None if day is None else day.year == year


def in_final_year(expected: dt.date | None, day: dt.date) -> Truth:
    """Whether a day lies in the school year, July to June, in which a course should end."""
    if expected is None:
        return None
    return dt.date(expected.year - 1, 7, 1) <= day <= dt.date(expected.year, 6, 30)


def days_late(course: Row) -> int | None:
    """Days from the expected to the real certificate."""
    return None if course["expected_on"] is None else max((course["left_on"] - course["expected_on"]).days, 0)


def after_school(job: Row, left_school: list[dt.date | None] | None) -> Truth:
    """Whether a job did not end before school was left, whichever way that may turn out."""
    if job["ended_on"] is None:
        return True
    if left_school is None:
        return None
    truth: Truth = agreed([left is None or job["ended_on"] >= left for left in left_school])
    return truth


def stopped_before(term: Row, day: dt.date) -> bool:
    """Whether a benefit was stopped before the day."""
    return term["stopped_on"] is not None and term["stopped_on"] < day


def cut_short(term: Row, day: dt.date) -> bool:
    """Whether a benefit was stopped before the day and before the end of its term."""
    return stopped_before(term, day) and term["stopped_on"] < term["ends_on"]


def registered_by(firm: Row, day: dt.date) -> Truth:
    """Whether a firm was registered by the day."""
    return None if firm["registered_on"] is None else firm["registered_on"] <= day


def deregistered_by(firm: Row, day: dt.date) -> bool:
    """Whether a firm was deregistered by the day."""
    return firm["deregistered_on"] is not None and firm["deregistered_on"] <= day


def due(premium: Row) -> int | None:
    """Both parts of a premium."""
    return total([premium["employer_part_due"], premium["own_part_due"]])


def owing(premium: Row) -> Truth:
    """Whether some of a premium is owing. Where all was paid it does not matter what was waived."""
    if due(premium) is None or premium["paid"] is None:
        return None
    rest = due(premium) - premium["paid"]
    return all3(rest > 0, None if premium["waived"] is None else rest > premium["waived"])


def planned_end(internship: Row) -> dt.date:
    """The last day as planned."""
    return plus_months(internship["started_on"], internship["planned_months"]) - ONE_DAY


def first_month(grant: Row) -> dt.date:
    """The first month that a grant is for; one that names none is for the month in which it was granted."""
    first: dt.date = grant["first_month"] or month_of(grant["granted_on"])
    return first


def months_of(grant: Row) -> int:
    """How many months a grant is for; one that names no number is for one."""
    months: int | None = grant["months"]
    return 1 if months is None else months


def as_kept(subject: str, row: Row) -> Facts:
    """The facts of a row as they are kept, shares as fractions."""
    found = {}
    for name in policy().subjects[subject].facts:
        if f"{name}.num" in row:
            num = row[f"{name}.num"]
            found[name] = None if num is None else Fraction(num, row[f"{name}.den"])
        else:
            found[name] = row.get(name)
    return found


def facts_of(subject: str, frame: pl.DataFrame) -> dict[str, Facts]:
    """The facts of a table in kernel form, by id."""
    return {row["id"]: as_kept(subject, row) for row in frame.to_dicts()}
