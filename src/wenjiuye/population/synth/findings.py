"""What officers found and claimants declared: facts as text, as a cell of a table would hold them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import polars as pl

from wenjiuye.population.synth.calendar import Ints
from wenjiuye.population.synth.careers import Roles
from wenjiuye.population.synth.chance import generator, some
from wenjiuye.population.synth.firm_books import positions
from wenjiuye.population.synth.firms import PUBLIC, TRADER, Firms
from wenjiuye.population.synth.kernel import rows
from wenjiuye.population.synth.people import NONE, People
from wenjiuye.population.synth.plan import Chunk, Plan
from wenjiuye.population.synth.schooling import Schooling
from wenjiuye.population.synth.standing import sent_below

_TRUTHS = pl.Series(["false", "true"], dtype=pl.String)
_HIT = (
    ("epidemic_affected", 1.0),
    ("temporary_difficulty", 0.6),
    ("recovery_promising", 0.8),
    ("severe_difficulty", 0.3),
    ("operating_difficulty", 0.6),
    ("meets_rollover_conditions", 0.4),
    ("county_has_means", 0.5),
)
_UNEMPLOYED = (
    ("hard_to_employ_by_market", 0.6),
    ("living_in_hardship", 0.3),
    ("meets_allowance_conditions", 0.5),
    ("post_available", 0.6),
    ("meets_placement_conditions", 0.6),
)
_OWNERS = (("operating_normally", 0.85), ("venue_built_by_government", 0.4), ("free_place_available", 0.5))


def finding_rows(
    city: Plan, group: People, school: Schooling, who: Roles, firms: Firms, firm_ids: pl.Series
) -> pl.DataFrame:
    """The table of findings of a chunk."""
    rng = generator(city.seed, "findings", group.chunk.number)
    make = _Findings(rng, city)
    make.about_firms(group.chunk, firms, firm_ids)
    make.about_people(group, school, who)
    return make.table()


@dataclass(frozen=True, slots=True)
class _Lot:
    """Findings of one fact."""

    subject: str
    fact: str
    ids: pl.Series
    values: pl.Series
    days: Ints


class _Findings:
    """Collects findings, a lot of one fact at a time."""

    def __init__(self, rng: np.random.Generator, city: Plan) -> None:
        self.rng, self.city = rng, city
        self.share = city.calibration.table("findings")
        self.lots: list[_Lot] = []

    def table(self) -> pl.DataFrame:
        """All of them as one table."""
        sizes = [lot.days.size for lot in self.lots]
        which = np.repeat(np.arange(len(sizes)), sizes)
        return rows(
            "finding",
            which.size,
            subject=pl.Series([lot.subject for lot in self.lots]).gather(which),
            subject_id=pl.concat([lot.ids for lot in self.lots]),
            fact=pl.Series([lot.fact for lot in self.lots]).gather(which),
            value=pl.concat([lot.values for lot in self.lots]),
            source="经办认定",
            valid_from=np.concatenate([lot.days for lot in self.lots]),
        )

    def about_firms(self, chunk: Chunk, firms: Firms, firm_ids: pl.Series) -> None:
        here = positions(chunk)
        here = here[(firms.form[here] != TRADER) & (firms.form[here] != PUBLIC)]
        hit = here[some(self.rng, here.size, self.share["enterprise"])]
        self._yes_no("enterprise", firm_ids, hit, _HIT)
        months = hit[some(self.rng, hit.size, 0.3)]
        self._add("enterprise", firm_ids, months, "refund_months", _numbers(self.rng, 1, 6, months.size))
        self._about_deferrals(firm_ids, hit)
        trainers = hit[some(self.rng, hit.size, 0.03)]
        for fact, most in (("trained_poor_staff", 8), ("training_months", 6)):
            self._add("enterprise", firm_ids, trainers, fact, _numbers(self.rng, 1, most, trainers.size))
        worked = here[firms.worked_through[here]]
        facts = (
            ("worked_through_spring_festival_2020", 1.0),
            ("made_epidemic_supplies", 0.4),
            ("delivered_epidemic_supplies", 0.5),
        )
        self._yes_no("enterprise", firm_ids, worked, facts)
        self._add("enterprise", firm_ids, worked, "new_hires", _numbers(self.rng, 0, 12, worked.size))

    def _about_deferrals(self, firm_ids: pl.Series, hit: Ints) -> None:
        """Taxes filed later, and applications to pay insurance and housing fund later."""
        self._yes_no("enterprise", firm_ids, hit, (("tax_deferral_granted", 0.05),))
        applied = hit[some(self.rng, hit.size, 0.12)]
        days = pl.Series((self.city.until - self.rng.integers(0, 300, applied.size)).astype("datetime64[D]"))
        self._add("enterprise", firm_ids, applied, "applied_on", days.dt.strftime("%Y-%m-%d"))
        self._add("enterprise", firm_ids, applied, "deferral_months", _numbers(self.rng, 1, 12, applied.size))
        self._yes_no("enterprise", firm_ids, applied, (("renewed_application", 0.2),))

    def about_people(self, group: People, school: Schooling, who: Roles) -> None:
        unemployed = who.unemployed[some(self.rng, who.unemployed.size, self.share["unemployed"])]
        self._yes_no("person", group.ids, unemployed, _UNEMPLOYED)
        helped = unemployed[some(self.rng, unemployed.size, 0.3)]
        self._add("person", group.ids, helped, "allowance_months", _numbers(self.rng, 1, 6, helped.size))
        owners = np.unique(who.owner_of[who.owner_of != NONE])
        self._yes_no("person", group.ids, owners[some(self.rng, owners.size, self.share["owner"])], _OWNERS)
        away = who.flexible[
            group.rural[who.flexible] & some(self.rng, who.flexible.size, self.share["migrant"])
        ]
        self._yes_no("person", group.ids, away, (("went_out_to_work_during_epidemic", 0.7),))
        cost = pl.Series(self.rng.integers(50, 900, away.size)).cast(pl.String) + ".00"
        self._add("person", group.ids, away, "travel_cost", cost)
        working = who.insured[
            ~group.male[who.insured] & (group.born[who.insured] > self.city.until - 42 * 365)
        ]
        self._yes_no("person", group.ids, working, (("pregnant_maternity_or_nursing", 0.06),))

        served = sent_below(self.city, group, school)
        self._yes_no("person", group.ids, served, (("meets_province_rules", 0.8),))

    def _yes_no(self, subject: str, ids: pl.Series, which: Ints, facts: Sequence[tuple[str, float]]) -> None:
        for fact, share in facts:
            self._add(
                subject, ids, which, fact, _TRUTHS.gather(some(self.rng, which.size, share).astype(np.int64))
            )

    def _add(self, subject: str, ids: pl.Series, which: Ints, fact: str, values: pl.Series) -> None:
        day = self.city.until - self.rng.integers(0, 300, which.size)
        self.lots.append(_Lot(subject, fact, ids.gather(which), values, day))


def _numbers(rng: np.random.Generator, low: int, high: int, number: int) -> pl.Series:
    return pl.Series(rng.integers(low, high + 1, number)).cast(pl.String)
