"""Cost, winners and losers: sums that add up however they are divided, and differences that are exact."""

from __future__ import annotations

import datetime as dt
from decimal import Decimal
from fractions import Fraction

import polars as pl
import pytest
from polars.testing import assert_frame_equal
from workshop_simulation import MANY, ON, REFORMS, all_reforms, city_parts, golden_parts, reform

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.simulation import changes, cost
from wenjiuye.population.simulation.assumptions import Assumptions, Shares
from wenjiuye.population.simulation.differing import differences_by_value
from wenjiuye.population.simulation.errors import SimulationError
from wenjiuye.population.simulation.output import simulation_tables
from wenjiuye.population.simulation.redecide import baseline, reformed
from wenjiuye.population.simulation.shared_facts import SharedFacts
from wenjiuye.population.simulation.simulate import Scenario, simulate

SIDES = ("baseline_due", "reform_due", "baseline_low", "reform_low", "baseline_expected_due")
WHOLE = pl.col("dimension") == changes.WHOLE


def test_raising_the_hiring_subsidy_by_500_yuan_costs_500_yuan_for_each_entitled_hire() -> None:
    found = simulate(golden_parts(), policy(), [reform("more", {"hiring_subsidy_amount": 1500})], [ON])
    row = cost.table(found.cost.filter("differs"), ["measure"]).row(0, named=True)
    # Two hires by hand: tests/golden_registry/expected/totals.yaml.
    assert (row["measure"], row["baseline_entitled"], row["reform_entitled"]) == ("hiring_subsidy", 2, 2)
    assert (row["baseline_due"], row["reform_due"], row["difference_due"]) == (2000, 3000, 1000)
    assert cost.table(found.cost, [])["difference_due"].to_list() == [1000]
    # Two more hires are open: they get 500 yuan more, or nothing.
    assert (row["difference_low"], row["difference_high"]) == (1000, 2000)
    whole = found.by_attribute.filter(WHOLE)
    assert dict(whole.select("class", "rows").iter_rows()) == {"more": 2, "unchanged": 15, "open": 2}
    assert whole["gained"].sum() == 100_000


@pytest.mark.parametrize("seed", [1, 2])
def test_the_policy_against_itself_differs_by_nothing(seed: int) -> None:
    again = Scenario("same", policy().with_values({"hiring_subsidy_amount": 1000}))
    found = simulate(city_parts(seed), policy(), [again], [ON])
    assert found.changes_nothing("same")
    for table in simulation_tables(found).values():
        for column in (c for c in table.columns if c.startswith("difference_")):
            assert set(table[column].drop_nulls()) <= {0}, column
    assert found.by_attribute.is_empty()
    assert found.cost.filter("differs").is_empty()


def test_what_is_decided_again_without_a_change_changes_nobody() -> None:
    facts = SharedFacts(policy(), city_parts(3)[0](), ON)
    base = baseline(facts)
    differ = differences_by_value(policy(), "refund_share")
    for subject, affected in differ.affected.items():
        after = reformed(facts, base, policy(), differ)
        by_attribute, by_measure = changes.changes(
            policy().subjects[subject], base[subject], after[subject], affected
        )
        assert set(by_measure["class"]) <= {"unchanged", "open"}
        assert by_attribute["gained"].sum() == by_attribute["lost"].sum() == 0


def test_one_part_and_many_parts_give_the_same_figures() -> None:
    assert len(city_parts(4, MANY)) > 3
    one, many = all_reforms(4), all_reforms(4, MANY)
    assert one.rows == many.rows
    for field in ("cost", "by_attribute", "by_measure", "classes", "quantiles"):
        assert_frame_equal(getattr(one, field), getattr(many, field))


@pytest.mark.parametrize("name", REFORMS)
def test_sums_by_article_fund_county_and_measure_are_the_same(name: str) -> None:
    rows = all_reforms(4).cost.filter(pl.col("reform") == name)
    whole = cost.table(rows, []).row(0, named=True)
    for by in ("article", "fund", "county", "measure"):
        table = cost.table(rows, [by])
        for side in SIDES:
            assert table[side].sum() == whole[side], (by, side)
        for bound in ("difference_low", "difference_high"):
            if whole[bound] is not None:
                assert table[bound].sum() == whole[bound]
    assert whole["reform_due"] - whole["baseline_due"] == whole["difference_due"]


@pytest.mark.parametrize("name", REFORMS)
def test_winners_less_losers_is_the_difference_in_cost_where_every_sum_is_known(name: str) -> None:
    found = all_reforms(4)
    sums = (
        found.by_measure.filter(pl.col("reform") == name)
        .group_by("measure", "county")
        .agg(
            (pl.col("gained").sum() - pl.col("lost").sum()).alias("change"),
            (pl.col("class") == "open").any().alias("open"),
        )
    )
    rows = found.cost.filter(pl.col("reform") == name)
    known = sums.join(rows, on=["measure", "county"], nulls_equal=True).filter(~pl.col("open"))
    assert known.height > 0
    assert (known["reform_due"] - known["baseline_due"]).to_list() == known["change"].to_list()


@pytest.mark.parametrize("name", REFORMS)
def test_every_attribute_counts_every_row_once(name: str) -> None:
    found = all_reforms(4).by_attribute.filter(pl.col("reform") == name)
    assert "unchanged" in set(found["class"])
    for (_subject,), rows in found.group_by("subject"):
        whole = rows.filter(WHOLE)
        for (_dimension,), part in rows.group_by("dimension"):
            for column in ("rows", "gained", "lost"):
                assert part[column].sum() == whole[column].sum()


def test_an_attribute_that_is_not_known_is_a_class_of_its_own() -> None:
    found = all_reforms(4).by_attribute.filter(pl.col("reform") == "one sum")
    for dimension in ("age", "sex", "size", "industry"):
        values = found.filter(pl.col("dimension") == dimension)["value"]
        assert values.null_count() > 0, dimension
        assert values.n_unique() > 2, dimension


@pytest.mark.parametrize("name", ["one sum", "a fact of the registry"])
def test_two_reforms_do_not_see_each_other(name: str) -> None:
    together = all_reforms(4)
    alone = simulate(city_parts(4), policy(), [reform(name, REFORMS[name])], [ON])
    mine = pl.col("reform") == name
    for field in ("cost", "by_attribute", "by_measure"):
        assert_frame_equal(getattr(together, field).filter(mine), getattr(alone, field))
    scenarios = pl.col("scenario").is_in(["baseline", name])
    for field in ("classes", "quantiles"):
        assert_frame_equal(getattr(together, field).filter(scenarios), getattr(alone, field))


def test_two_reforms_of_one_name_are_refused() -> None:
    same = [reform("a", {"hiring_subsidy_amount": amount}) for amount in (1, 2)]
    with pytest.raises(SimulationError, match="names of their own"):
        simulate(golden_parts(), policy(), same, [ON])


def test_each_month_is_compared_as_on_its_last_day() -> None:
    days = [dt.date(2020, 10, 31), dt.date(2020, 11, 30)]
    scenarios = [reform("more", {"hiring_subsidy_amount": 1500})]
    found = simulate(city_parts(10), policy(), scenarios, days)
    for day in days:
        alone = simulate(city_parts(10), policy(), scenarios, [day])
        assert_frame_equal(found.cost.filter(pl.col("on") == day), alone.cost)


def test_take_up_is_an_exact_share_rounded_once_for_each_measure_and_county() -> None:
    assumed = Assumptions(Shares(Fraction(1, 3), {"stability_refund": Fraction(2, 7)}))
    scenarios = [reform("more", {"refund_share": "0.9"})]
    found = simulate(city_parts(4), policy(), scenarios, [ON], assumptions=assumed)
    rounded = 0
    for row in found.cost.iter_rows(named=True):
        share = Fraction(2, 7) if row["measure"] == "stability_refund" else Fraction(1, 3)
        for side in ("baseline", "reform"):
            exact = share * row[f"{side}_due"]
            assert row[f"{side}_expected_due"] == (exact + Fraction(1, 2)).__floor__()
            rounded += exact.denominator > 1
    assert rounded > 0
    by_county = cost.table(found.cost, ["county"])["reform_expected_due"].sum()
    assert by_county == cost.table(found.cost, ["fund"])["reform_expected_due"].sum()


def test_amounts_are_counted_in_classes_and_quantiles_by_measure_and_by_row() -> None:
    found = simulate(golden_parts(), policy(), [reform("more", {"hiring_subsidy_amount": 1500})], [ON])
    mine = found.classes.filter((pl.col("id") == "hiring_subsidy") & (pl.col("scope") == "measure"))
    assert mine.select("scenario", "from", "to", "rows").rows() == [
        ("baseline", 1000, 2000, 2),
        ("more", 1000, 2000, 2),
    ]
    quantiles = found.quantiles.filter((pl.col("id") == "hiring_subsidy") & (pl.col("scenario") == "more"))
    assert quantiles.select("rows", "unknown", "total", "p10", "p90").row(0) == (2, 0, 3000, 1500, 1500)
    # J01, J02, J06, J13, J14 and J16 by hand, the insurance subsidy and the hiring subsidy of a row together.
    hires = found.quantiles.filter((pl.col("scope") == "subject") & (pl.col("id") == "hire"))
    assert hires["total"].to_list() == [Decimal("8702.66"), Decimal("9702.66")]


def test_quantiles_are_the_least_amount_that_so_many_do_not_exceed() -> None:
    from wenjiuye.population.simulation.spread import SPREAD, quantiles

    amounts = [(100, 1), (200, 3), (900, 5), (5000, 1)]
    counts = pl.DataFrame([("measure", "m", a, n) for a, n in amounts], schema=SPREAD, orient="row")
    row = quantiles(counts).row(0, named=True)
    assert [float(row[f"p{p}"]) for p in (10, 20, 40, 50, 90)] == [1, 2, 2, 9, 9]
