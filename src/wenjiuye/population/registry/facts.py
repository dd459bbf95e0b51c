"""From the tables of one part to the facts of every subject, on one date of decision."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Collection, Mapping, Sequence
from functools import cached_property

import polars as pl

from wenjiuye.policy.registry import HIRES_LOOK_BACK, INSURED_MONTHS
from wenjiuye.policy.vocabulary import (
    ClaimPeriod,
    Enterprise,
    Hire,
    Internship,
    ParkTenant,
    Person,
    SoleTrader,
    TaxpayerRevenue,
    Training,
)
from wenjiuye.population.registry import people
from wenjiuye.population.registry.asked import OF_CLAIM, OF_DEDUCTION, Asked, facts_read
from wenjiuye.population.registry.asof import DAY, ROW, gather, months_completed, open_on, settled_month
from wenjiuye.population.registry.claims import claim_facts
from wenjiuye.population.registry.derivation import Following, Gathering, derive
from wenjiuye.population.registry.findings import with_findings
from wenjiuye.population.registry.firms import FIRM, employers, firm_facts, last_day, months_worked, tax_facts
from wenjiuye.population.registry.kernel import in_kernel_form
from wenjiuye.population.registry.partition import HOME, Partition, number_of
from wenjiuye.rules.batch import determined_fact
from wenjiuye.rules.calendar import plus_months
from wenjiuye.rules.facts import Subject
from wenjiuye.rules.measures import Measure
from wenjiuye.rules.policy import Policy

Tables = Mapping[str, pl.DataFrame]
_NEW_HIRES = "eligible_new_hires_this_year"


class CityFacts:
    """The facts of one part as on one day. Tables are made when they are first asked for.

    measures: which measures are asked for. Then the facts are those that it takes to answer for them, and no
    others are looked for. By default all measures are, and every fact that the registry tells.
    """

    def __init__(
        self, policy: Policy, partition: Partition, on: dt.date, measures: Sequence[str] | None = None
    ) -> None:
        self.policy, self.partition, self.on = policy, partition, on
        self.settled = settled_month(on)
        self._asked = None if measures is None else Asked.of(policy, measures)
        self._made: dict[str, Tables] = {}

    # ── What is decided

    def subjects(self) -> list[str]:
        """The subjects that have measures and whose table the city keeps, in the order of the policy."""
        return [name for name in self.policy.subjects if self.measures_of(name) and self.keeps(name)]

    def keeps(self, subject_id: str) -> bool:
        """Whether the city keeps the table that a subject is made of."""
        return _SOURCES.get(subject_id, subject_id) in self.partition.tables

    def measures_of(self, subject_id: str) -> list[Measure]:
        """The measures of a subject that are asked for."""
        if self._asked is None:
            return list(self.policy.measures_of(subject_id))
        return [measure for measure in self._asked.measures if measure.subject.id == subject_id]

    def decided_of(self, subject_id: str) -> list[Measure]:
        """Those, and the ones that may displace them."""
        if self._asked is None:
            return list(self.policy.measures_of(subject_id))
        return [measure for measure in self._asked.decided if measure.subject.id == subject_id]

    def reads(self, target: type[Subject], *subjects: str) -> Collection[str]:
        """The facts of a subject that are read when some subjects (default: any) are decided."""
        return target.facts if self._asked is None else self._asked.facts_of(target.id, *subjects)

    def tables(self, subject_id: str) -> Tables:
        """The subject's own table and those that its relations lead to, in kernel form."""
        if subject_id not in self._made:
            made = (
                _TABLES[subject_id](self)
                if subject_id in _TABLES
                else {subject_id: self.as_they_are(subject_id)}
            )
            self._made[subject_id] = made
        return self._made[subject_id]

    def claim(self, measure: Measure) -> pl.DataFrame:
        """`row` and the facts that hold for one measure alone."""
        rows = self.claim_rows(measure.subject.id)
        found = claim_facts(self.partition, self.policy, measure, rows, self.on)
        asked = rows.select("subject_id", pl.lit(self.on).alias(DAY))
        names = [name for name in found.columns if name != ROW]
        return with_findings(self.partition, measure.subject, found, asked, "subject_id", names)

    def claim_rows(self, subject_id: str) -> pl.DataFrame:
        """Of each row of a subject: what grants and contributions name it by."""
        special = {
            "hire": lambda: self.hires.select(
                pl.col("id").alias(ROW), pl.col("id").alias("subject_id"), DAY, "person", "employer",
                pl.col("started_on").alias("hired_on"), pl.col("^(person|employer)#$"),
            ),
            "person": lambda: self._person_rows.select(
                ROW, pl.col(ROW).alias("subject_id"), DAY, people.PERSON, number_of(people.PERSON)
            ).with_columns(self.persons[name] for name in OF_CLAIM if name in self.persons.columns),
            "enterprise": lambda: self._firm_rows.select(
                ROW, pl.col(ROW).alias("subject_id"), DAY, FIRM, number_of(FIRM)
            ),
            "internship": lambda: self.internships.with_columns(
                pl.col("id").alias(ROW), pl.col("id").alias("subject_id"), pl.col("trainee").alias("person"),
            ),
        }  # fmt: skip
        if subject_id in special:
            return special[subject_id]()
        return self.tables(subject_id)[subject_id].select(
            pl.col("id").alias(ROW), pl.col("id").alias("subject_id"), pl.lit(self.on).alias(DAY)
        )

    def _months(self, name: str) -> int:
        """A value that is a number of months; where none is in force on the day, the earliest one."""
        value = self.policy.values[name]
        figure = (value.on(self.on) or value.entries[0]).figures[None]
        assert isinstance(figure, int)
        return figure

    # ── People and firms

    @cached_property
    def _person_rows(self) -> pl.DataFrame:
        return people.everybody(self.partition, self.on)

    @cached_property
    def persons(self) -> pl.DataFrame:
        """Everybody as on the day."""
        wanted = self.reads(Person, "person", "sole_trader")
        facts = people.person_facts(self.partition, self._person_rows, wanted, lambda: self.sizes)
        if "social_insurance_paid" in wanted:
            paid = gather(
                self.partition,
                self._person_rows,
                "contribution",
                people.PERSON,
                {"social_insurance_paid": (pl.lit(True).first(), False)},
                where=pl.col("employer").is_null() & (pl.col("month") == self.settled),
            )
            facts = facts.with_columns(paid["social_insurance_paid"])
        return with_findings(self.partition, Person, facts, self._person_rows, people.PERSON, wanted)

    def _people(self, rows: pl.DataFrame, wanted: Collection[str]) -> pl.DataFrame:
        facts = people.person_facts(self.partition, rows, wanted, lambda: self.sizes)
        return with_findings(self.partition, Person, facts, rows, people.PERSON, wanted)

    @cached_property
    def _firm_rows(self) -> pl.DataFrame:
        return employers(self.partition, self.on)

    @cached_property
    def _firms_read(self) -> Collection[str]:
        return self.reads(Enterprise)

    @cached_property
    def _plain_firms(self) -> pl.DataFrame:
        """Employers without what follows from other measures and from people whom they hired."""
        wanted = set(self._firms_read)
        if "small_firm_owner" in self.reads(Person):
            size = facts_read(Enterprise, [self.policy.fact_of("enterprise", "size")])
            wanted.update(fact for _, fact in size)
        facts = firm_facts(self.partition, self._firm_rows, self.on, self._months(INSURED_MONTHS), wanted)
        return with_findings(self.partition, Enterprise, facts, self._firm_rows, FIRM, wanted)

    @cached_property
    def sizes(self) -> pl.DataFrame:
        """`enterprise` and its `size` as given or derived."""
        if "enterprise" not in self.partition.tables:
            return pl.DataFrame(schema={"enterprise": pl.String, "size": pl.String})
        size = determined_fact(self.policy, "enterprise", "size", {"enterprise": self._plain_firms}, self.on)
        return pl.DataFrame([self._plain_firms["id"].alias("enterprise"), size.alias("size")])

    @cached_property
    def firms(self) -> pl.DataFrame:
        """Employers as on the day, with the hires that loans are given for."""
        if "employment" not in self.partition.tables or _NEW_HIRES not in self._firms_read:
            return self._plain_firms
        new = gather(
            self.partition.with_table("employment", self._loan_hires),
            self._firm_rows,
            "employment",
            "employer",
            {_NEW_HIRES: (pl.when(~pl.col("#group").is_null().any()).then(pl.len()), 0)},
            owner=FIRM,
            where=pl.col("#group").is_null() | (pl.col("#group") != "other"),
        )
        frame = self._plain_firms.with_columns(new[_NEW_HIRES].cast(pl.Int64))
        return with_findings(self.partition, Enterprise, frame, self._firm_rows, FIRM, (_NEW_HIRES,))

    @cached_property
    def _loan_hires(self) -> pl.DataFrame:
        """Jobs begun this year that go on, with the group of each person on the day of hiring."""
        jobs = self._jobs("ended_on").filter(
            (pl.col("form") == "labour_contract")
            & pl.col("employer").is_not_null()
            & (pl.col("started_on").dt.year() == self.on.year)
            & open_on("started_on", "ended_on", pl.lit(self.on))
        )
        known = self.hired_people.select("id", pl.col("key_group").cast(pl.String).alias("#group"))
        return jobs.join(known, on="id", how="left", maintain_order="left")

    def employers_with(self, deductible: pl.DataFrame | None) -> pl.DataFrame:
        """Employers with the hires that taxes are deducted for: `id` of a hire and whether it counts."""
        if deductible is None:
            return self.firms
        worked = months_worked(self.partition, deductible, self.on)
        jobs = self.hires.select("id", "employer").join(deductible, on="id").join(worked, on="id")
        unknown = pl.col("counts").is_null()
        sums = jobs.group_by("employer").agg(
            pl.when(~unknown.any()).then(pl.col("counts").sum().cast(pl.Int64)).alias("deductible_hires"),
            pl.when(~(unknown & (pl.col("months") > 0)).any())
            .then(pl.col("months").filter("counts").sum())
            .alias("deductible_hire_months"),
            pl.lit(True).alias("#seen"),
        )
        names = sorted(OF_DEDUCTION)
        plain = self.firms.drop(name for name in names if name in self.firms.columns)
        joined = plain.join(sums, left_on="id", right_on="employer", how="left", maintain_order="left")
        none = pl.col("#seen").is_null()
        frame = joined.with_columns(
            pl.when(none).then(0).otherwise(name).cast(pl.Int64).alias(name) for name in names
        ).drop("#seen")
        lacking = self.partition.incomplete.get("employment.employer")
        if lacking is not None and lacking.len():
            known = ~pl.col("id").is_in(lacking.implode())
            frame = frame.with_columns(pl.when(known).then(name).alias(name) for name in names)
        return with_findings(self.partition, Enterprise, frame, self._firm_rows, FIRM, names)

    # ── Jobs

    def _jobs(self, *columns: str) -> pl.DataFrame:
        """Every job, with some columns beside those that all ask for."""
        held = self.partition.columns("employment")
        numbers = [name for name in (number_of("person"), number_of("employer")) if name in held]
        plain = ("id", "person", "employer", "form", "started_on")
        return self.partition.table("employment", [*plain, *numbers, *columns])

    @cached_property
    def hires(self) -> pl.DataFrame:
        """Labour contracts begun within the longest time that a measure looks back, as rows to be decided."""
        first = plus_months(self.on, -self._months(HIRES_LOOK_BACK))
        firms = self.partition.table("enterprise", ["id"])["id"]
        return (
            self._jobs("contract_months")
            .filter(
                (pl.col("form") == "labour_contract")
                & (pl.col("started_on") > first)
                & (pl.col("started_on") <= self.on)
                # The employer's part decides; here the person may be a guest.
                & pl.col("employer").is_in(firms.implode())
            )
            .with_columns(pl.col("started_on").alias(DAY))
        )

    @cached_property
    def hired_people(self) -> pl.DataFrame:
        """The people hired, each as on the day of hiring; `id` is that of the job."""
        wanted = set(self.reads(Person, "hire"))
        if _NEW_HIRES in self._firms_read:
            wanted.add("key_group")
        return self._people(people.at_events(self.hires, "person", "started_on", before=True), wanted)

    def hire_tables(self) -> Tables:
        """Hires with their people and firms."""
        rows = self.hires.with_columns(pl.col("id").alias(ROW), pl.col("id").alias("subject_id"))
        wanted = self.reads(Hire, "hire")
        # What began after the settled month is not due yet.
        begun = pl.col("started_on") <= last_day(self.on)
        steps = (
            Gathering(
                "contribution",
                "person",
                "person",
                {"#paid": (pl.lit(True).first(), False)},
                where=pl.col("month") == self.settled,
                also=(("employer", "employer"),),
            ),
            Gathering(
                "grant",
                "subject_id",
                "subject_id",
                {"counted_in_epidemic_hiring": (pl.lit(True).first(), False)},
                where=(pl.col("measure") == "epidemic_hiring_subsidy") & (pl.col("granted_on") <= self.on),
            ),
            Following(
                {"social_insurance_paid": pl.when(begun).then("#paid"), "hired_on": pl.col("started_on")}
            ),
        )
        frame = derive(self.partition, rows, steps, wanted).with_columns(pl.col("id").alias("person"))
        asked = rows.with_columns(pl.lit(self.on).alias(DAY))
        own = with_findings(self.partition, Hire, in_kernel_form(Hire, frame, wanted), asked, "id", wanted)
        return {"hire": own, "person": self.hired_people, "enterprise": self.firms}

    # ── Internships and trainings

    @cached_property
    def internships(self) -> pl.DataFrame:
        """Internships begun, with the planned end."""
        held = self.partition.tables["internship"].filter(pl.col("started_on") <= self.on)
        end = pl.col("started_on").dt.offset_by(pl.format("{}mo", "planned_months")).dt.offset_by("-1d")
        return held.with_columns(end.alias("planned_end"), pl.col("started_on").alias(DAY))

    def internship_tables(self) -> Tables:
        """Internships with their trainees and hosts."""
        rows = self.internships
        over = (pl.col("ended_on") <= self.on).fill_null(False)
        batches = rows.group_by("host", pl.col("started_on").dt.month_start().alias("#month")).agg(
            over.sum().cast(pl.Int64).alias("retention_rate.den"),
            pl.when(~(over & pl.col("kept").is_null()).any())
            .then((over & pl.col("kept")).sum().cast(pl.Int64))
            .alias("retention_rate.num"),
        )
        batches = batches.with_columns(
            pl.when((pl.col("retention_rate.den") > 0) & pl.col("retention_rate.num").is_not_null())
            .then(pl.col(f"retention_rate.{part}"))
            .alias(f"retention_rate.{part}")
            for part in ("num", "den")
        )
        lacking = self.partition.incomplete.get("internship.host")
        if lacking is not None:
            whole = ~pl.col("host").is_in(lacking.implode())
            batches = batches.with_columns(
                pl.when(whole).then(pl.col(f"retention_rate.{part}")).alias(f"retention_rate.{part}")
                for part in ("num", "den")
            )
        batches = _reduced(batches, "retention_rate")
        joined = rows.with_columns(pl.col("started_on").dt.month_start().alias("#month")).join(
            batches, on=["host", "#month"], how="left", maintain_order="left"
        )
        signed = pl.col("contract_signed_on") <= self.on
        frame = joined.with_columns(
            pl.col("started_on").alias("internship_started_on"),
            (signed & (pl.col("contract_signed_on") < pl.col("planned_end")))
            .fill_null(False)
            .alias("contract_signed_early"),
            pl.when(signed)
            .then(months_completed(pl.col("contract_signed_on"), pl.col("planned_end").dt.offset_by("1d")))
            .clip(0)
            .alias("remaining_months"),
            pl.col("id").alias("trainee"),
        )
        own = in_kernel_form(Internship, frame)
        asked = rows.with_columns(pl.col("id").alias(ROW), pl.lit(self.on).alias(DAY))
        asked_of = people.at_events(rows, "trainee", "started_on", before=False)
        trainees = self._people(asked_of, self.reads(Person, "internship"))
        return {
            "internship": self._found(Internship, own, asked),
            "person": trainees,
            "enterprise": self.firms,
        }

    def training_tables(self) -> Tables:
        """Places in classes, with their trainees as on the first day."""
        held = self.partition.tables["training"]
        rows = held.filter(pl.col(HOME) & (pl.col("training_started_on") <= self.on))
        firm = pl.col("organiser").is_not_null()
        frame = rows.with_columns(firm.alias("organised_by_enterprise"), pl.col("id").alias("trainee"))
        own = in_kernel_form(Training, frame)
        asked = rows.with_columns(pl.col("id").alias(ROW), pl.lit(self.on).alias(DAY))
        asked_of = people.at_events(rows, "trainee", "training_started_on", before=False)
        trainees = self._people(asked_of, self.reads(Person, "training"))
        return {
            "training": self._found(Training, own, asked),
            "person": trainees,
            "enterprise": self.firms,
        }

    # ── Firms' months and traders

    def sole_trader_tables(self) -> Tables:
        """Sole traders with their owners and what each owes in taxes."""
        firms = self.partition.table("enterprise", ["id", "legal_form", "owner", "registered_on"])
        traders = firms.filter(pl.col("legal_form") == "sole_trader")
        rows = self._firm_rows.join(
            traders.select("id"), left_on=ROW, right_on="id", how="semi", maintain_order="left"
        )
        taxes = tax_facts(self.partition, rows, self.on, self.reads(SoleTrader))
        side = traders.select(pl.col("id").alias("#id"), "owner", "registered_on")
        frame = taxes.join(side, left_on=ROW, right_on="#id", how="left", maintain_order="left").rename(
            {ROW: "id"}
        )
        own = in_kernel_form(SoleTrader, frame)
        return {
            "sole_trader": with_findings(self.partition, SoleTrader, own, rows, FIRM, self.reads(SoleTrader)),
            "person": self.persons,
        }

    def claim_period_tables(self) -> Tables:
        """The premiums of the settled month."""
        rows = self.partition.tables["premium"].filter(pl.col("month") == self.settled)
        name = pl.format(
            "{}|{}|{}",
            "enterprise",
            pl.col("insurance_kind").cast(pl.String),
            pl.col("month").dt.strftime("%Y-%m"),
        )
        frame = rows.with_columns(name.alias("id"), pl.col("month").alias("contribution_month")).unique(
            "id", keep="last", maintain_order=True
        )
        own = in_kernel_form(ClaimPeriod, frame)
        asked = own.select("id", pl.lit(self.on).alias(DAY))
        return {
            "claim_period": self._found(ClaimPeriod, own, asked),
            "enterprise": self.firms,
        }

    def revenue_tables(self) -> Tables:
        """What was earned in the settled month."""
        rows = self.partition.tables["sales"].filter(
            pl.col("tax_obligation_date").is_between(self.settled, last_day(self.on))
        )
        own = in_kernel_form(TaxpayerRevenue, rows)
        asked = own.select("id", pl.lit(self.on).alias(DAY))
        return {
            "taxpayer_revenue": self._found(TaxpayerRevenue, own, asked),
            "enterprise": self.firms,
        }

    def park_tenant_tables(self) -> Tables:
        """Leases in parks with the costs of the settled month."""
        leases = self.partition.tables["lease"].filter(
            pl.col("park_kind").is_not_null() & open_on("started_on", "ended_on", pl.lit(last_day(self.on)))
        )
        costs = ("property_fee", "sanitation_fee", "utilities", "venue_fee")
        rows = gather(
            self.partition,
            leases.with_columns(pl.col("id").alias(ROW)),
            "bill",
            "lease",
            {cost: (pl.col("amount").filter(pl.col("kind") == cost).sum(), 0) for cost in costs},
            owner="id",
            where=pl.col("month") == self.settled,
        )
        side = self.partition.table("enterprise", ["id", "founded_by_returnee"]).rename(
            {"id": "#id", "founded_by_returnee": "returnee_enterprise"}
        )
        rows = rows.join(side, left_on="tenant", right_on="#id", how="left", maintain_order="left")
        frame = rows.with_columns(
            pl.col("tenant").alias("enterprise"), pl.col("rent_per_month").alias("rent")
        )
        own = in_kernel_form(ParkTenant, frame)
        asked = rows.with_columns(pl.lit(self.on).alias(DAY))
        return {
            "park_tenant": self._found(ParkTenant, own, asked),
            "enterprise": self.firms,
        }

    def as_they_are(self, subject_id: str) -> pl.DataFrame:
        """A subject whose facts are kept outright."""
        subject: type[Subject] = self.policy.subjects[subject_id]
        held = self.partition.tables[subject_id]
        own = in_kernel_form(subject, held)
        asked = held.select(pl.col("id").alias(ROW), "id", pl.lit(self.on).alias(DAY))
        return self._found(subject, own, asked)

    def _found(self, subject: type[Subject], own: pl.DataFrame, asked: pl.DataFrame) -> pl.DataFrame:
        return with_findings(self.partition, subject, own, asked, "id", self.reads(subject))


def _reduced(frame: pl.DataFrame, share: str) -> pl.DataFrame:
    """Shares whose numerator is 0 as 0/1; the engine takes any other fraction as it is."""
    zero = pl.col(f"{share}.num") == 0
    return frame.with_columns(
        pl.when(zero).then(1).otherwise(f"{share}.den").cast(pl.Int64).alias(f"{share}.den")
    )


_SOURCES = {
    "hire": "employment",
    "sole_trader": "enterprise",
    "claim_period": "premium",
    "taxpayer_revenue": "sales",
    "park_tenant": "lease",
}
"""The table that a subject is made of, where it is not the one of its own name."""

_TABLES: Mapping[str, Callable[[CityFacts], Tables]] = {
    "enterprise": lambda facts: {"enterprise": facts.firms},
    "person": lambda facts: {"person": facts.persons},
    "hire": CityFacts.hire_tables,
    "internship": CityFacts.internship_tables,
    "training": CityFacts.training_tables,
    "sole_trader": CityFacts.sole_trader_tables,
    "claim_period": CityFacts.claim_period_tables,
    "taxpayer_revenue": CityFacts.revenue_tables,
    "park_tenant": CityFacts.park_tenant_tables,
}
