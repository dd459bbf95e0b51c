"""A reform is decided on what differs only, and answers as if everything were decided anew."""

from __future__ import annotations

import pytest
from polars.testing import assert_frame_equal
from workshop_simulation import ON, REFORMS, random_parts, reform

from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.population.simulation.differing import differences, differences_by_value, uses
from wenjiuye.population.simulation.redecide import baseline, reformed
from wenjiuye.population.simulation.shared_facts import SharedFacts


@pytest.mark.parametrize("name", REFORMS)
@pytest.mark.parametrize("seed", [1, 2])
def test_only_what_differs_is_decided_and_the_answers_are_those_of_everything_decided_anew(
    name: str, seed: int
) -> None:
    other = reform(name, REFORMS[name]).policy
    partition = random_parts(seed)[0]()
    facts = SharedFacts(policy(), partition, ON)
    base = baseline(facts)
    differ = differences(policy(), other, ON)
    short = reformed(facts, base, other, differ)
    whole = baseline(SharedFacts(other, partition, ON))
    assert differ.affected
    for subject, full in whole.items():
        affected = differ.affected.get(subject, ())
        for measure in full.measures:
            columns = [c for c in full.frame.columns if c.split(".")[0] == measure]
            found = short[subject] if measure in affected else base[subject]
            assert_frame_equal(found.frame.select("id", *columns), full.frame.select("id", *columns))
        if affected:
            assert short[subject].county.equals(full.county, null_equal=True)


@pytest.mark.parametrize("name", ["one sum", "a condition", "several subjects"])
def test_facts_are_derived_once_where_the_registry_is_read_with_the_same_figures(name: str) -> None:
    differ = differences(policy(), reform(name, REFORMS[name]).policy, ON)
    assert not differ.facts
    assert len(differ.measures()) < 10


def test_the_same_figure_written_again_is_no_difference() -> None:
    assert differences(policy(), policy().with_values({"hiring_subsidy_amount": 1000}), ON).none


def test_a_figure_of_another_time_is_no_difference_today() -> None:
    import datetime as dt

    later = policy().with_values({"hiring_subsidy_amount": 9}, start=dt.date(2021, 1, 1))
    assert differences(policy(), later, ON).none
    assert not differences(policy(), later, dt.date(2021, 6, 30)).none


def test_what_a_value_can_change_holds_every_measure_that_reads_it() -> None:
    for name in policy().values.values:
        differ = differences_by_value(policy(), name)
        reading = {m.id for m in policy().measures.values() if name in {use.name for use in uses(m)}}
        assert reading <= set(differ.measures())


def test_those_who_share_an_order_of_precedence_are_decided_again_together() -> None:
    differ = differences(policy(), policy().with_values({"refund_share": "0.9"}), ON)
    assert differ.changed["enterprise"] == ("stability_refund",)
    assert differ.affected["enterprise"] == (
        "stability_refund",
        "stability_refund_sme",
        "stability_refund_epidemic_benefit",
        "stability_refund_epidemic_contributions",
    )
