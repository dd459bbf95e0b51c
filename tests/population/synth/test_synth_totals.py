"""The city is measured after its calibration: within one in a hundred, or to the one where numbers are small."""

from __future__ import annotations

import datetime as dt

import polars as pl
import pytest
from conftest import PERSONS, Tables

from wenjiuye.population.synth.calibration import calibration
from wenjiuye.population.synth.plan import plan

FIGURES = calibration()
SHARE = PERSONS / FIGURES.residents


def counts(frame: pl.DataFrame, column: str) -> dict[str, int]:
    return dict(frame[column].cast(pl.String).value_counts().iter_rows())


def test_every_county_has_its_share_of_people(tables: Tables):
    found = counts(tables("person"), "county")
    for county, residents in FIGURES.table("residents").items():
        # Whole people: in a city of 20,000 a zone has some 270, so one more or less is allowed beside 1 %.
        assert found[county] == pytest.approx(residents * SHARE, rel=0.01, abs=1)


def test_each_county_has_its_share_of_urban_people(tables: Tables):
    people = tables("person").join(
        tables("household").select("id", house_rural="rural"), left_on="household", right_on="id", how="left"
    )
    rural = people.with_columns(pl.coalesce("house_rural", "rural").alias("rural"))
    assert rural["rural"].null_count() == 0
    wanted = 0.0
    for (county,), group in rural.group_by("county"):
        urban = int((~group["rural"]).sum())
        share = FIGURES.number("urban_share", str(county))
        # Households are urban as a whole, so up to a household of five may be missing.
        assert urban == pytest.approx(group.height * share, abs=5)
        wanted += group.height * share
    assert int((~rural["rural"]).sum()) == pytest.approx(wanted, rel=0.01)


def test_ages_and_sexes_are_those_of_the_census(tables: Tables):
    people = tables("person")
    age = (pl.lit(dt.date(2020, 12, 31)) - pl.col("birth_date")).dt.total_days() / 365.25
    bands = FIGURES.table("age_bands")
    for first, stop in ((0, 15), (22, 60), (60, 200)):
        wanted = sum(share for key, share in bands.items() if first <= int(key) < stop)
        assert people.filter(age >= first, age < stop).height == pytest.approx(PERSONS * wanted, rel=0.01)
    men = people.filter(pl.col("sex") == "male").height
    assert men == pytest.approx(PERSONS * FIGURES.number("male_share"), rel=0.01)


def test_households_are_as_large_as_in_the_census(tables: Tables):
    housed = tables("person")["household"].drop_nulls()
    assert len(housed) / tables("household").height == pytest.approx(
        FIGURES.number("household_size"), rel=0.05
    )
    assert len(housed) >= 0.99 * PERSONS


def test_so_many_people_are_insured_against_unemployment(tables: Tables):
    last = tables("contribution").filter(
        pl.col("month") == dt.date(2020, 12, 1), pl.col("unemployment_insured")
    )
    wanted = FIGURES.number("unemployment_insured") * SHARE
    assert last["person"].n_unique() == pytest.approx(wanted, rel=0.01)


def test_the_number_insured_changes_little_over_the_months(tables: Tables):
    by_month = tables("contribution").filter("unemployment_insured").group_by("month").len()
    assert by_month.height == 24
    assert by_month["len"].min() > 0.85 * by_month["len"].max()


def test_there_are_so_many_employers_of_each_form(tables: Tables):
    found = counts(tables("enterprise"), "legal_form")
    forms = FIGURES.table("legal_forms")
    forms["sole_trader"] = FIGURES.number("market_entities") - sum(forms.values())
    assert tables("enterprise").height == pytest.approx(FIGURES.number("market_entities") * SHARE, rel=0.01)
    for form, number in forms.items():
        # A form of which there are only four cannot be within 1 %; it is right to the one.
        assert found[form] == pytest.approx(number * SHARE, rel=0.01, abs=1)


def test_so_many_people_are_registered_as_unemployed(tables: Tables):
    still = tables("unemployment_registration").filter(pl.col("ended_on").is_null())
    wanted = FIGURES.number("registered_unemployed") * SHARE
    assert still["person"].n_unique() == pytest.approx(wanted, rel=0.01, abs=1)


def test_so_many_people_graduate_every_year(tables: Tables):
    college = tables("enrolment").filter(pl.col("level") == "college")
    wanted = FIGURES.number("graduates_a_year") * SHARE
    for year in (2018, 2019, 2020, 2021):
        found = college.filter(pl.col("expected_on").dt.year() == year).height
        # Small counties may have too few people of that age.
        assert found == pytest.approx(wanted, rel=0.03)


def test_one_contract_in_twelve_is_with_an_employer_of_another_county(tables: Tables):
    jobs = tables("employment").filter(pl.col("form") == "labour_contract")
    homes = jobs.join(tables("person").select("id", "county"), left_on="person", right_on="id")
    both = homes.join(tables("enterprise").select("id", seat="county"), left_on="employer", right_on="id")
    assert (both["county"] != both["seat"]).mean() == pytest.approx(FIGURES.number("cross_county"), abs=0.03)


def test_every_figure_names_its_source_and_how_sure_it_is():
    for figure in FIGURES.figures.values():
        assert figure.source
        assert figure.unit
        assert figure.confidence in ("high", "medium", "low")
        assert figure.source.startswith("assumption") <= (figure.confidence == "low")


def test_quotas_of_the_chunks_add_up_to_the_city():
    city = plan(1_000_000, None, 1, dt.date(2020, 12, 31), 24)
    for name in ("unemployment_insured", "registered_unemployed", "graduates_a_year", "deaths"):
        assert sum(chunk.quotas[name] for chunk in city.chunks) == city.scaled(name)
    assert sum(chunk.persons for chunk in city.chunks) == 1_000_000
    assert sum(chunk.firms for chunk in city.chunks) == city.firms
