"""The subset in OpenFisca: a variable for each fact, verdict and amount, parameters by county.

OpenFisca keeps whole numbers in int32 and decimals in float32. Sums in fen outgrow both, so the type that it
keeps `int` variables in is changed to int64 before any variable is declared; formulas divide in whole
numbers. It knows no unknowns and no reasons: a fact that is not given is 0, so it gets data without gaps.
"""

from __future__ import annotations

import datetime as dt
from typing import Any

import numpy
import polars as pl
from openfisca_core import taxbenefitsystems, variables
from openfisca_core.entities import build_entity
from openfisca_core.indexed_enums import Enum, EnumArray
from openfisca_core.parameters import ParameterNode
from openfisca_core.periods import DateUnit, period
from openfisca_core.simulation_builder import SimulationBuilder
from openfisca_core.variables import Variable

from benchmarks.subset import DERIVED, HARDSHIP, MEASURES, Figures, years_before

variables.config.VALUE_TYPES[int]["dtype"] = numpy.int64

Person: Any = build_entity("person", "persons", "A person", is_person=True)
_ANY_DAY = "2000-01-01"


class System:
    """A tax and benefit system with the subset on one day of decision."""

    def __init__(self, people: pl.DataFrame, v: Figures) -> None:
        self.period = period(v.on.isoformat())
        self.enums = {
            name: Enum(name, {member: member for member in dtype.categories})
            for name, dtype in people.schema.items()
            if isinstance(dtype, pl.Enum)
        }
        self.system = taxbenefitsystems.TaxBenefitSystem([Person])
        self.system.parameters = ParameterNode(data=_parameters(v))
        facts = [name for name in people.columns if name != "id" and name not in DERIVED]
        for name in facts:
            self.system.add_variable(self._fact(name, people.schema[name]))
        for variable in _formulas(v, self.enums):
            self.system.add_variable(variable)
        self.inputs = {name: self._array(people[name]) for name in facts}
        self.outputs = [name for name in self.system.variables if name.endswith(("_verdict", "_amount"))]

    def _fact(self, name: str, dtype: pl.DataType) -> Any:
        body: dict[str, Any] = {"entity": Person, "definition_period": DateUnit.ETERNITY}
        if name in self.enums:
            body |= {
                "value_type": Enum,
                "possible_values": self.enums[name],
                "default_value": next(iter(self.enums[name])),
            }
        else:
            body["value_type"] = {pl.Boolean: bool, pl.Int64: int, pl.Date: dt.date}[type(dtype)]
        return type(name, (Variable,), body)

    def _array(self, column: pl.Series) -> Any:
        if column.name in self.enums:
            codes = column.to_physical().cast(pl.Int16).to_numpy()
            return EnumArray(codes, self.enums[column.name])
        if column.dtype == pl.Date:
            return column.to_numpy().astype("datetime64[D]")
        return column.to_numpy()

    def decide(self, first: int = 0, rows: int | None = None) -> dict[str, Any]:
        """All verdicts and amounts of some rows, in a simulation of their own."""
        stop = None if rows is None else first + rows
        inputs = {name: array[first:stop] for name, array in self.inputs.items()}
        count = len(next(iter(inputs.values())))
        simulation = SimulationBuilder().build_default_simulation(self.system, count=count)
        for name, array in inputs.items():
            simulation.set_input(name, self.period, array)
        return {name: simulation.calculate(name, self.period) for name in self.outputs}

    def frame(self, results: dict[str, Any]) -> pl.DataFrame:
        """Results as the engine names them; an amount only where the verdict is yes."""
        columns: dict[str, pl.Series] = {}
        for measure in MEASURES:
            verdict = pl.Series(results[f"{measure}_verdict"])
            columns[f"{measure}.verdict"] = verdict
            if f"{measure}_amount" in results:
                amount = pl.Series(results[f"{measure}_amount"])
                columns[f"{measure}.amount"] = pl.select(pl.when(verdict).then(amount)).to_series()
        return pl.DataFrame(columns)


def _parameters(v: Figures) -> dict[str, Any]:
    def one(value: object) -> dict[str, Any]:
        return {"values": {_ANY_DAY: {"value": value}}}

    keyed = {"unemployment_benefit": v.unemployment_benefit, "minimum_living": v.minimum_living_standard}
    tables = {name: {key: one(fen) for key, fen in table.items()} for name, table in keyed.items()}
    return {name: one(value) for name, value in v.plain.items()} | tables


# ── Calendar over arrays


def _plus_months(day: Any, months: Any) -> Any:
    month = day.astype("datetime64[M]")
    day_of_month = (day - month.astype("datetime64[D]")).astype(numpy.int64)
    target = month + months
    length = ((target + 1).astype("datetime64[D]") - target.astype("datetime64[D]")).astype(numpy.int64)
    return target.astype("datetime64[D]") + numpy.minimum(day_of_month, length - 1)


def _month(day: Any) -> Any:
    return day.astype("datetime64[M]").astype(numpy.int64)


def _day_of_month(day: Any) -> Any:
    return (day - day.astype("datetime64[M]").astype("datetime64[D]")).astype(numpy.int64)


# ── Variables with a formula


def _variable(name: str, value_type: type, formula: Any) -> Any:
    def run(person: Any, on: Any, parameters: Any) -> Any:
        return formula(lambda fact: person(fact, on), parameters(on))

    body = {
        "value_type": value_type,
        "entity": Person,
        "definition_period": DateUnit.DAY,
        "formula": run,
    }
    return type(name, (Variable,), body)


def _formulas(v: Figures, enums: dict[str, Any]) -> list[Any]:
    on = numpy.datetime64(v.on)
    start = numpy.datetime64(v.days["retirement_postponed_from"])
    groups = [enums["hardship_category"][member] for member in HARDSHIP]

    def day(value: dt.date) -> Any:
        return numpy.datetime64(value)

    def retirement_age(f: Any, p: Any) -> Any:
        women = numpy.where(
            f("post_type") == enums["post_type"]["cadre"],
            p.retirement_age_women_cadres,
            p.retirement_age_women_workers,
        )
        return numpy.where(f("sex") == enums["sex"]["male"], p.retirement_age_men, women)

    def retires_on(f: Any, p: Any) -> Any:
        woman_worker = (f("sex") == enums["sex"]["female"]) & (f("post_type") == enums["post_type"]["worker"])
        step = numpy.where(woman_worker, p.retirement_step_women_workers, p.retirement_step)
        most = numpy.where(
            woman_worker, p.retirement_postponed_most_women_workers, p.retirement_postponed_most
        )
        months = 12 * f("retirement_age")
        unpostponed = _plus_months(f("birth_date"), months)
        steps = (_month(unpostponed) - _month(start)) // step + 1
        late = numpy.minimum(steps * p.retirement_months_per_step, most)
        return numpy.where(unpostponed < start, unpostponed, _plus_months(f("birth_date"), months + late))

    def flexible_in_time(f: Any, p: Any) -> Any:
        left, started = f("left_school_on"), f("flexible_job_started_on")
        return (left <= started) & (started <= _plus_months(left, 12 * p.graduate_flexible_years))

    def flexible_amount(f: Any, p: Any) -> Any:
        num, den = v.flexible_share
        share = f("contributions_paid") * num
        left = p.graduate_flexible_months - f("months_granted")
        paid = numpy.maximum(f("months_paid"), 1)
        in_proportion = (share * left * 2 + paid * den) // (paid * den * 2)
        return numpy.where(f("months_paid") <= left, (share * 2 + den) // (2 * den), in_proportion)

    def of_county(f: Any, table: Any) -> Any:
        return table[f("county")].astype(numpy.int64)

    def begun_months(f: Any, _p: Any) -> Any:
        retires = f("retires_on")
        return _month(retires) - _month(on) + (_day_of_month(retires) > _day_of_month(on))

    def assistance_amount(f: Any, p: Any) -> Any:
        num, den = v.assistance_share
        months = p.assistance_months - f("months_granted")
        return (months * of_county(f, p.unemployment_benefit) * num * 2 + den) // (den * 2)

    def left_lately(f: Any, p: Any) -> Any:
        left = f("left_school_on")
        return (left <= on) & (left >= day(years_before(v.on, p.file_retention_years)))

    def near(p: Any) -> Any:
        return day(v.on.replace(year=v.on.year + p.near_retirement_years))

    helpers = {
        "retirement_age": (int, retirement_age),
        "retires_on": (dt.date, retires_on),
        "not_retired": (bool, lambda f, _p: f("retires_on") > on),
        "begun_months": (int, begun_months),
    }
    verdicts = {
        "returnee_startup_subsidy": lambda f, p: (
            f("returnee")
            & f("first_startup")
            & (f("business_started_on") <= day(years_before(v.on, p.returnee_startup_years)))
            & f("operating_normally")
            & ~f("granted_before")
        ),
        "graduate_flexible_insurance_subsidy": lambda f, p: (
            f("college_graduate")
            & ~f("employed_before")
            & f("flexibly_employed")
            & f("social_insurance_paid")
            & flexible_in_time(f, p)
            & (f("months_granted") < p.graduate_flexible_months)
        ),
        "hardship_graduate_subsidy": lambda f, _p: (
            f("college_student")
            & f("in_final_school_year")
            & numpy.isin(f("hardship_category"), [group.index for group in groups])
            & ~f("granted_before")
        ),
        "registered_graduate_subsidy": lambda f, _p: (
            f("college_graduate")
            & ~f("employed")
            & f("seeking_work")
            & f("real_name_registered")
            & ~f("granted_before")
        ),
        "late_leaver_deadlines": lambda f, p: (
            (
                f("left_school_on").astype("datetime64[Y]").astype(numpy.int64) + 1970
                == p.late_leaver_graduation_year
            )
            & f("left_school_late")
        ),
        "file_retention": lambda f, p: f("college_graduate") & ~f("employed") & left_lately(f, p),
        "enlistment_allowance": lambda f, _p: (
            f("enlisted") & (f("college_student") | f("fresh_graduate")) & ~f("granted_before")
        ),
        "unemployment_registration": lambda f, p: (
            (f("birth_date") <= day(years_before(v.on, p.working_age_from)))
            & f("not_retired")
            & f("able_to_work")
            & f("wants_to_work")
            & ~f("employed")
            & f("habitual_residence_here")
        ),
        "benefit_until_retirement": lambda f, p: (
            f("benefit_exhausted") & ~f("employed") & f("not_retired") & (f("retires_on") < near(p))
        ),
        "unemployment_assistance": lambda f, p: (
            ~f("employed")
            & (f("benefit_exhausted") | (f("unemployment_insured") & ~f("qualifies_for_benefit")))
            & (f("months_granted") < p.assistance_months)
        ),
        "public_post_placement": lambda f, _p: (
            f("hard_to_employ_by_market")
            & (f("older_hardship_person") | f("zero_employment_family_member"))
            & f("post_available")
            & (f("public_post_placements") == 0)
        ),
        "temporary_living_allowance": lambda f, _p: (
            f("laid_off_unemployed")
            & f("living_in_hardship")
            & f("meets_allowance_conditions")
            & ~f("granted_before")
            & v.living_allowance_open
        ),
    }
    amounts = {
        "returnee_startup_subsidy": lambda _f, p: p.returnee_startup_amount,
        "graduate_flexible_insurance_subsidy": flexible_amount,
        "hardship_graduate_subsidy": lambda _f, p: p.hardship_graduate_amount,
        "registered_graduate_subsidy": lambda _f, p: p.registered_graduate_amount,
        "enlistment_allowance": lambda _f, p: p.enlistment_amount,
        "benefit_until_retirement": lambda f, p: f("begun_months") * of_county(f, p.unemployment_benefit),
        "unemployment_assistance": assistance_amount,
        "temporary_living_allowance": lambda f, p: (
            numpy.minimum(f("allowance_months"), p.living_allowance_months) * of_county(f, p.minimum_living)
        ),
    }
    return [
        *(_variable(name, kind, formula) for name, (kind, formula) in helpers.items()),
        *(_variable(f"{name}_verdict", bool, formula) for name, formula in verdicts.items()),
        *(_variable(f"{name}_amount", int, _granted(name, formula)) for name, formula in amounts.items()),
    ]


def _granted(measure: str, amount: Any) -> Any:
    return lambda f, p: f(f"{measure}_verdict") * amount(f, p)
