"""The smaller tables that offices keep: funds, guarantors, venues, platforms, events, plans, reports."""

from __future__ import annotations

import numpy as np
import polars as pl

from wenjiuye.population.synth import numbers
from wenjiuye.population.synth.calendar import Ints
from wenjiuye.population.synth.chance import between, generator, some, weighted
from wenjiuye.population.synth.kernel import Column, masked, members, place, rows
from wenjiuye.population.synth.plan import Chunk, Plan

_PREFIXES = {
    "loan_fund": "F",
    "guarantor": "G",
    "venue": "V",
    "rural_platform": "W",
    "export_batch": "X",
    "service_event": "S",
    "community": "Q",
    "layoff_plan": "Y",
    "office_report": "O",
}
_ORGANISERS = {"hr_agency": 4, "labour_broker": 3, "public_agency": 3, "college": 2, "other": 1}
TABLES = tuple(_PREFIXES)


def office_tables(city: Plan, chunk: Chunk) -> dict[str, pl.DataFrame]:
    """The smaller tables of a chunk. One fund per county, in its first chunk."""
    rng = generator(city.seed, "offices", chunk.number)
    make = _Offices(rng, city, chunk)
    return {
        "loan_fund": make.loan_fund(),
        "guarantor": make.guarantor(),
        "venue": make.venue(),
        "rural_platform": make.rural_platform(),
        "export_batch": make.export_batch(),
        "service_event": make.service_event(),
        "community": make.community(),
        "layoff_plan": make.layoff_plan(),
        "office_report": make.office_report(),
    }


class _Offices:
    """Draws each table; facts that payments tell are left unknown, the table of grants has them."""

    def __init__(self, rng: np.random.Generator, city: Plan, chunk: Chunk) -> None:
        self.rng, self.city, self.chunk = rng, city, chunk

    def _rows(self, table: str, number: int, **columns: Column) -> pl.DataFrame:
        return rows(
            table,
            number,
            id=numbers.chunk_ids(_PREFIXES[table], self.chunk.number, number),
            county=np.full(number, place(table, "county", self.chunk.county)),
            **columns,
        )

    def _number(self, table: str) -> int:
        return self.chunk.quotas[table]

    def _yes(self, number: int, share: float) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
        return some(self.rng, number, share)

    def _yuan(self, low: int, high: int, number: int) -> Ints:
        return low * 100 + ((high - low) * self.rng.random(number) ** 3).astype(np.int64) * 100

    def _pick(self, table: str, fact: str, weights: dict[str, float], number: int) -> Ints:
        return weighted(self.rng, number, weights, members(table, fact))

    def loan_fund(self) -> pl.DataFrame:
        n = 1 if self.chunk.part == 1 else 0
        due = self._yuan(2_000_000, 90_000_000, n)
        return self._rows(
            "loan_fund",
            n,
            recovered_last_year=due * between(self.rng, 80, 100, n) // 100,
            due_last_year=due,
            fund_deposit_balance=self._yuan(500_000, 20_000_000, n),
            outstanding_performance=self._yes(n, 0.4),
            new_loans_this_year=self._yuan(1_000_000, 90_000_000, n),
        )

    def guarantor(self) -> pl.DataFrame:
        n = self._number("guarantor")
        return self._rows(
            "guarantor",
            n,
            expanded_small_firm_guarantees=self._yes(n, 0.6),
            lowered_small_firm_fee=self._yes(n, 0.6),
            guarantee_loss=self._yuan(0, 5_000_000, n),
        )

    def venue(self) -> pl.DataFrame:
        n = self._number("venue")
        kinds = {"incubation_base": 4.0, "new_platform": 3.0, "none": 3.0}
        return self._rows(
            "venue",
            n,
            recognised_venue_kind=self._pick("venue", "recognised_venue_kind", kinds, n),
            reaches_city_standard=self._yes(n, 0.5),
            carries_public_services=self._yes(n, 0.4),
            venue_costs=self._yuan(5_000, 400_000, n),
            recognised_returnee_model_park=self._yes(n, 0.2),
            selected_returnee_project=self._yes(n, 0.1),
            award_decided=masked(self._yuan(50_000, 100_000, n), self._yes(n, 0.4)),
            recognised_internship_base=self._yes(n, 0.3),
        )

    def rural_platform(self) -> pl.DataFrame:
        n = self._number("rural_platform")
        return self._rows(
            "rural_platform",
            n,
            returnee_founder=self._yes(n, 0.8),
            rural_ecommerce_platform=self._yes(n, 0.9),
            venue_rent=self._yuan(200, 4_000, n),
            network_fee=self._yuan(50, 600, n),
        )

    def export_batch(self) -> pl.DataFrame:
        n = self._number("export_batch")
        places = {"other_province": 6.0, "other_city_in_province": 3.0, "same_city": 1.0}
        return self._rows(
            "export_batch",
            n,
            organiser_kind=self._pick("export_batch", "organiser_kind", dict(_ORGANISERS), n),
            free_of_charge=self._yes(n, 0.8),
            destination=self._pick("export_batch", "destination", places, n),
            people_placed=between(self.rng, 1, 120, n),
        )

    def service_event(self) -> pl.DataFrame:
        n = self._number("service_event")
        kinds = {"special_job_fair": 6.0, "startup_service": 3.0, "other": 2.0}
        return self._rows(
            "service_event",
            n,
            organiser_kind=self._pick("service_event", "organiser_kind", dict(_ORGANISERS), n),
            free_of_charge=self._yes(n, 0.9),
            event_kind=self._pick("service_event", "event_kind", kinds, n),
            people_served=between(self.rng, 20, 1500, n),
            service_cost=self._yuan(1_000, 60_000, n),
        )

    def community(self) -> pl.DataFrame:
        n = self._number("community")
        levels = {"city": 2.0, "county": 4.0, "none": 4.0}
        return self._rows(
            "community",
            n,
            newly_recognised=self._yes(n, 0.3),
            recognition_level=self._pick("community", "recognition_level", levels, n),
        )

    def layoff_plan(self) -> pl.DataFrame:
        n = self._number("layoff_plan")
        planned = self.city.until - between(self.rng, 0, 300, n)
        return self._rows(
            "layoff_plan",
            n,
            notice_given_on=planned - between(self.rng, 5, 60, n),
            layoff_planned_on=planned,
            placement_plan=self._yes(n, 0.8),
            severance_paid=self._yes(n, 0.7),
            wage_arrears=np.where(self._yes(n, 0.8), 0, self._yuan(1_000, 200_000, n)),
            insurance_arrears=np.where(self._yes(n, 0.8), 0, self._yuan(1_000, 90_000, n)),
        )

    def office_report(self) -> pl.DataFrame:
        n = self._number("office_report")
        posts, veterans = between(self.rng, 0, 400, n), between(self.rng, 0, 120, n)
        refunds, counties = between(self.rng, 0, 300, n), between(self.rng, 1, 6, n)
        land, one = between(self.rng, 100, 9_000, n), np.ones(n, dtype=np.int64)
        fields = members("office_report", "project_field")
        return self._rows(
            "office_report",
            n,
            project_field=self.rng.integers(0, len(fields), n),
            weak_link_project=self._yes(n, 0.5),
            reasonable_return=self._yes(n, 0.6),
            strong_repayment=self._yes(n, 0.6),
            demonstration_projects_this_year=between(self.rng, 60, 130, n),
            normal_refunds=refunds,
            total_working_days=refunds * between(self.rng, 5, 14, n),
            counties_with_many_outworkers=counties,
            counties_with_standard_centre=np.minimum(counties, between(self.rng, 0, 6, n)),
            new_posts=posts,
            new_posts_for_fresh_graduates=(posts * self.rng.random(n)).astype(np.int64),
            veterans_due=veterans,
            veterans_placed_in_public_bodies=(veterans * (0.5 + 0.5 * self.rng.random(n))).astype(np.int64),
            veteran_incubation_parks=between(self.rng, 0, 3, n),
            zero_employment_families_open=between(self.rng, 0, 5, n),
            **{
                "ratio_reduction_points.num": self.rng.choice([10, 25, 30, 50, 60], n),
                "ratio_reduction_points.den": one * 10,
                "construction_land_quota.num": land,
                "construction_land_quota.den": one,
                "rural_industry_land_quota.num": land * between(self.rng, 2, 16, n),
                "rural_industry_land_quota.den": one * 100,
            },
        )
