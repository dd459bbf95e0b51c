"""Bringing a registry into parts that stand alone: by county and hash, with everything a part needs.

A person lives in the part of the household; a firm stands with its owner, else by its own id. Rows about a
person go wherever the person is looked up: at home, and as a guest where an employer or host stands. So no
part has to ask another one, and parts can be computed in any order and on any machine.
"""

from __future__ import annotations

import datetime as dt
import shutil
from collections.abc import Callable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

import polars as pl

from wenjiuye.policy.registry import RECORDS
from wenjiuye.policy.vocabulary import Enterprise
from wenjiuye.population.registry.partition import HOME, OWNERSHIP, Arrangement, number_of
from wenjiuye.rules.policy import Policy

Files = Mapping[str, tuple[Path, ...]]
Progress = Callable[[str, int, int], None]

PEOPLE_A_PART = 400_000
SLICE = 2_000_000
"""Rows that are sorted into parts at a time."""
_PART, _NUMBER = "#part", "#number"
_COUNTIES = tuple(Enterprise.county.members)
_GUESTS = ("unemployment_registration", "enrolment", "recognition")
"""Tables about a person that are needed where the person is looked up, not only at home; jobs and firms are too."""
_HOME_ONLY = ("benefit_period", "grassroots_service")
_OF_FIRM = ("annual_report", "premium", "tax", "firm_listing")
_ALONE = (
    "loan_fund",
    "guarantor",
    "venue",
    "rural_platform",
    "export_batch",
    "service_event",
    "community",
    "layoff_plan",
    "office_report",
)
_MONTHLY = ("contribution", "premium", "tax")


def arrange(
    files: Files,
    incomplete: Mapping[str, pl.Series],
    policy: Policy,
    folder: Path,
    digest: str,
    *,
    people_a_part: int = PEOPLE_A_PART,
    progress: Progress | None = None,
) -> Arrangement:
    """Write a registry as parts below `folder` (`<county>-<n>/<table>.<slice>.parquet`).

    files: kernel-form Parquet files per table. people_a_part: how many people a part has at most, more or
    less; it bounds the memory that a part needs. digest: of the input, to recognise it again. What was there
    before is removed.
    """
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    tell = progress or (lambda *_: None)
    tell("arrange places", 0, len(files) + 2)
    work = _Arranging(files, policy, folder, people_a_part)
    for number, (name, step) in enumerate(work.steps(), 1):
        tell(f"arrange {name}", number, len(files) + 2)
        step()
    (folder / "incomplete").mkdir()
    for key, owners in incomplete.items():
        owners.to_frame("owner").write_parquet(folder / "incomplete" / f"{key}.parquet")
    arrangement = Arrangement(folder, tuple(work.used_parts()), tuple(work.tables), work.firsts, digest)
    arrangement.write()
    return arrangement


class _Arranging:
    """The work under way: where each id belongs, and what has been written."""

    def __init__(self, files: Files, policy: Policy, folder: Path, people_a_part: int) -> None:
        self._files, self._policy, self._folder = files, policy, folder
        self._plan_parts(people_a_part)
        self.tables: list[str] = []
        self.firsts: dict[str, dt.date] = {}
        (folder / "empty").mkdir()
        self._persons = self._place_persons()
        self._firms = _counted(self._place_firms())
        self._jobs = self._place_by("employment", "employer", self._firms, "person", self._persons)
        self._leases = self._place_by("lease", "tenant", self._firms)
        self._internships = self._place_by("internship", "host", self._firms)
        self._trainings = self._place_by("training", "trainee", self._persons)
        self._people = self._place_guests()
        self._at_home = self._people.filter(pl.col(_PART) == pl.col("#home"))

    # ── Where ids belong: frames of `id` and #part, of people and firms with their #number there

    def _place_persons(self) -> pl.DataFrame:
        if "person" not in self._files:
            return _NOWHERE
        people = self._scan("person", "id", "county", "household")
        # Who lives together stays together; the county is that of the person.
        together = pl.coalesce("household", "id") if "household" in people.columns else pl.col("id")
        return people.select("id", self._part(pl.col("county"), together))

    def _place_firms(self) -> pl.DataFrame:
        if "enterprise" not in self._files:
            return _NOWHERE
        firms = self._scan("enterprise", "id", "county", "owner")
        own = firms.select("id", self._part(pl.col("county"), pl.col("id")))
        if "owner" not in firms.columns:
            return own
        owners = self._persons.rename({_PART: "#owner"})
        joined = firms.select("id", "owner").join(owners, left_on="owner", right_on="id", how="left")
        both = own.join(joined.select("id", "#owner"), on="id", how="left", maintain_order="left")
        return both.select("id", pl.coalesce("#owner", _PART).alias(_PART))

    def _place_by(
        self,
        table: str,
        relation: str,
        places: pl.DataFrame,
        other: str = "",
        others: pl.DataFrame | None = None,
    ) -> pl.DataFrame:
        """Where the rows of a keyed table are decided: with one relation, else with another."""
        if table not in self._files:
            return _NOWHERE
        rows = self._scan(table, "id", relation, *([other] if other else []))
        placed = _joined(rows, places, relation).rename({_PART: "#first"})
        if others is not None:
            placed = _joined(placed, others, other)
            return placed.select("id", pl.coalesce("#first", _PART).alias(_PART))
        return placed.select("id", pl.col("#first").alias(_PART)).drop_nulls()

    def _place_guests(self) -> pl.DataFrame:
        """Every part in which a person is looked up, in the order of the table, and the part that is `#home`."""
        found = [self._persons]
        for table, person, firm in (
            ("employment", "person", "employer"),
            ("internship", "trainee", "host"),
            ("enterprise", "owner", "id"),
        ):
            if table in self._files:
                rows = self._scan(table, person, firm).drop_nulls()
                if rows.width == 2:
                    placed = _joined(rows, self._firms, firm)
                    found.append(placed.select(pl.col(person).alias("id"), _PART).drop_nulls())
        places = pl.concat(found).unique()
        kept = self._persons.rename({_PART: "#home"}).join(places, on="id", maintain_order="left")
        # People who are in no table of people are counted behind the others.
        others = places.join(self._persons, on="id", how="anti").sort("id")
        return _counted(pl.concat([kept, others], how="diagonal"))

    # ── Tables

    def steps(self) -> list[tuple[str, Callable[[], None]]]:
        """What is to be done, table by table."""
        plan: dict[str, Callable[[pl.DataFrame], pl.DataFrame]] = {
            "household": lambda rows: self._households(rows),
            "person": lambda rows: _homed(_joined(rows, self._people, "id"), self._persons, "id"),
            "enterprise": lambda rows: _joined(rows, self._firms, "id").with_columns(
                pl.lit(True).alias(HOME)
            ),
            "employment": self._employments,
            "contribution": self._contributions,
            "sales": lambda rows: _joined(rows, self._firms, "taxpayer"),
            "lease": lambda rows: _numbered(rows, self._firms, "tenant"),
            "bill": lambda rows: _joined(rows, self._leases, "lease"),
            "internship": lambda rows: _joined(rows, self._internships, "id"),
            "training": self._trainings_of,
            "loan": lambda rows: self._loans(rows),
            "grant": self._grants,
            "finding": self._findings,
            **dict.fromkeys(_ALONE, self._alone),
            **{table: lambda rows: _numbered(rows, self._firms, "enterprise") for table in _OF_FIRM},
            **{table: lambda rows: _numbered(rows, self._at_home, "person") for table in _HOME_ONLY},
            **{table: lambda rows: _numbered(rows, self._people, "person") for table in _GUESTS},
        }
        names = [name for name in RECORDS if name in self._files]
        steps = [(name, self._step(name, plan[name])) for name in names]
        return [*steps, ("ownership", self._ownership)]

    def _step(self, table: str, place: Callable[[pl.DataFrame], pl.DataFrame]) -> Callable[[], None]:
        def run() -> None:
            first: dt.date | None = None
            for number, rows in enumerate(self._slices(table)):
                if number == 0:
                    self._declare(table, place(rows.clear()))
                if table in _MONTHLY and rows.height:
                    least = rows["month"].min()
                    assert isinstance(least, dt.date)
                    first = least if first is None else min(first, least)
                self._write(table, number, place(rows))
            if first is not None:
                self.firsts[table] = first

        return run

    def _ownership(self) -> None:
        """Who owns which firm: a table of its own, because it is looked up by person."""
        if "enterprise" not in self._files:
            return
        told = ("legal_form", "registered_on", "deregistered_on")
        columns = {"owner": pl.String(), **{name: OWNERSHIP[name] for name in told}}
        firms = self._scan("enterprise", "id", *columns)
        lacking = [
            pl.lit(None, dtype=t).alias(name) for name, t in columns.items() if name not in firms.columns
        ]
        rows = firms.with_columns(lacking).filter(pl.col("owner").is_not_null())
        owned = rows.select(
            pl.col("owner").alias("person"),
            pl.col("id").alias("enterprise"),
            *told,
        )
        placed = _numbered(owned, self._people, "person")
        self._declare("ownership", placed.clear())
        self._write("ownership", 0, placed)

    def _households(self, rows: pl.DataFrame) -> pl.DataFrame:
        return _joined(rows, self._homes, "id")

    @cached_property
    def _homes(self) -> pl.DataFrame:
        """Every part in which somebody of a household is looked up."""
        people = self._scan("person", "id", "household")
        if "household" not in people.columns:
            return _NOWHERE
        found = people.drop_nulls().join(self._people, on="id")
        return found.select(pl.col("household").alias("id"), _PART).unique()

    def _employments(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Wherever the person is looked up; the employer has a number in the part where it stands."""
        placed = _numbered(rows, self._people, "person")
        if "employer" not in rows.columns:
            return placed
        found = _numbered(placed.rename({_PART: "#first"}), self._firms, "employer", how="left")
        number = number_of("employer")
        here = pl.when(pl.col(_PART) == pl.col("#first")).then(number).alias(number)
        return found.with_columns(here).drop(_PART).rename({"#first": _PART})

    def _contributions(self, rows: pl.DataFrame) -> pl.DataFrame:
        """With the employer who paid; of those who pay for themselves at home."""
        if "employer" not in rows.columns:
            return _numbered(rows, self._at_home, "person")
        placed = _numbered(rows, self._firms, "employer", how="left").rename({_PART: "#first"})
        at_home = _numbered(placed, self._at_home, "person", how="left").rename({_PART: "#home"})
        found = at_home.with_columns(
            pl.when(pl.col("employer").is_null()).then("#home").otherwise("#first").alias(_PART)
        )
        away = (found[_PART] != found["#home"]).fill_null(True)
        people = self._people.select("id", _PART, _NUMBER)
        number = found.filter(away).join(
            people, left_on=["person", _PART], right_on=["id", _PART], how="left", maintain_order="left"
        )[_NUMBER]
        numbers = found[number_of("person")].scatter(away.arg_true(), number)
        return found.with_columns(numbers).drop("#first", "#home").drop_nulls(_PART)

    def _trainings_of(self, rows: pl.DataFrame) -> pl.DataFrame:
        """At home, where the trainee is decided, and with the firm that counts those whom it trained."""
        home = _joined(rows, self._trainings, "id").with_columns(pl.lit(True).alias(HOME))
        if "organiser" not in rows.columns:
            return home
        away = _joined(rows, self._firms, "organiser").with_columns(pl.lit(False).alias(HOME))
        return pl.concat([home, away]).unique(["id", _PART], keep="first", maintain_order=True)

    def _loans(self, rows: pl.DataFrame) -> pl.DataFrame:
        alone = self._alone(rows)
        if "borrower" not in rows.columns:
            return alone
        placed = _joined(alone.rename({_PART: "#alone"}), self._persons, "borrower", how="left")
        return placed.with_columns(pl.coalesce(_PART, "#alone").alias(_PART)).drop("#alone")

    def _alone(self, rows: pl.DataFrame) -> pl.DataFrame:
        county = pl.col("county") if "county" in rows.columns else pl.lit(None, dtype=pl.String)
        return rows.with_columns(self._part(county, pl.col("id")))

    def _grants(self, rows: pl.DataFrame) -> pl.DataFrame:
        """Wherever one of the things or people of a grant is decided."""
        rows = rows.with_row_index("#n")
        subjects = pl.DataFrame(
            [(name, measure.subject.id) for name, measure in self._policy.measures.items()],
            schema={"measure": pl.String, "#subject": pl.String},
            orient="row",
        )
        told = rows.join(subjects, on="measure", how="left")
        places = [_joined(told, self._jobs, "subject_id").select("#n", _PART)]
        for name, where in self._places.items():
            mine = told.filter(pl.col("#subject") == name)
            places.append(_joined(mine, where, "subject_id").select("#n", _PART))
        for relation, where in (("person", self._people), ("enterprise", self._firms)):
            if relation in rows.columns:
                places.append(_joined(told, where, relation).select("#n", _PART))
        where = pl.concat(places).drop_nulls().unique().sort("#n", _PART)
        return rows.join(where, on="#n", how="inner", maintain_order="right").drop("#n")

    def _findings(self, rows: pl.DataFrame) -> pl.DataFrame:
        places = {**self._places, "person": self._people}
        found = [
            _joined(rows.filter(pl.col("subject") == name), where, "subject_id")
            for name, where in places.items()
        ]
        # Premiums of a month are named by the employer, the kind and the month.
        firm = pl.col("subject_id").str.replace(r"\|[^|]*\|[^|]*$", "").alias("#firm")
        months = rows.filter(pl.col("subject") == "claim_period").with_columns(firm)
        return pl.concat([*found, _joined(months, self._firms, "#firm").drop("#firm")])

    @cached_property
    def _places(self) -> dict[str, pl.DataFrame]:
        """By subject: where its rows are decided."""
        alone = {}
        for table in (*_ALONE, "loan"):
            if table in self._files:
                known = self._scan(table, "id", "county", *(["borrower"] if table == "loan" else []))
                alone[table] = (self._loans if table == "loan" else self._alone)(known).select("id", _PART)
        return {
            "person": self._persons,
            "enterprise": self._firms,
            "sole_trader": self._firms,
            "hire": self._jobs,
            "park_tenant": self._leases,
            "internship": self._internships,
            "training": self._trainings,
            "taxpayer_revenue": self._place_by("sales", "taxpayer", self._firms),
            **alone,
        }

    # ── Reading and writing

    def _plan_parts(self, people_a_part: int) -> None:
        """Counties large enough for parts of their own, the others together."""
        counts: dict[str, int] = {}
        if "person" in self._files:
            found = self._scan("person", "county")["county"].cast(pl.String).value_counts()
            counts = dict(found.drop_nulls().iter_rows())
        large = [name for name in _COUNTIES if counts.get(name, 0) * 2 >= people_a_part]
        rest = sum(count for name, count in counts.items() if name not in large)
        sizes = {"shared": rest, **{name: counts[name] for name in large}}
        self._first: dict[str, int] = {}
        self._splits: dict[str, int] = {}
        self._names: list[str] = []
        for name, people in sizes.items():
            self._first[name], self._splits[name] = len(self._names), max(1, -(-people // people_a_part))
            self._names += [f"{name}-{number:03d}" for number in range(self._splits[name])]

    def _part(self, county: pl.Expr, key: pl.Expr) -> pl.Expr:
        def told(numbers: Mapping[str, int]) -> pl.Expr:
            text = county.cast(pl.String)
            return text.replace_strict(numbers, default=numbers["shared"], return_dtype=pl.UInt64)

        return (told(self._first) + key.hash(seed=0) % told(self._splits)).cast(pl.UInt32).alias(_PART)

    def _scan(self, table: str, *columns: str) -> pl.DataFrame:
        """Some columns of a table; those that it lacks are left out."""
        frames = []
        for file in self._files[table]:
            scan = pl.scan_parquet(file)
            known = scan.collect_schema().names()
            frames.append(scan.select(c for c in columns if c in known).collect())
        return pl.concat(frames, how="diagonal")

    def _slices(self, table: str) -> Iterator[pl.DataFrame]:
        """The rows of a table in slices, all with the same columns."""
        schema = {
            name: dtype
            for file in self._files[table]
            for name, dtype in pl.scan_parquet(file).collect_schema().items()
        }
        held: list[pl.DataFrame] = []
        for file in self._files[table]:
            frame = pl.read_parquet(file, hive_partitioning=False)
            lacking = [
                pl.lit(None, dtype=dtype).alias(n) for n, dtype in schema.items() if n not in frame.columns
            ]
            held.append(frame.with_columns(lacking).select(list(schema)))
            # Small files are taken together: what is looked up is looked up once for all of them.
            if sum(one.height for one in held) >= SLICE:
                yield from pl.concat(held).iter_slices(SLICE)
                held = []
        if held:
            rest = pl.concat(held)
            yield from rest.iter_slices(SLICE) if rest.height else [rest]

    def _declare(self, table: str, rows: pl.DataFrame) -> None:
        self.tables.append(table)
        rows.drop(_PART).write_parquet(self._folder / "empty" / f"{table}.parquet")

    def _write(self, table: str, number: int, rows: pl.DataFrame) -> None:
        for (part,), mine in rows.partition_by(
            _PART, as_dict=True, include_key=False, maintain_order=True
        ).items():
            folder = self._folder / self._names[part]
            folder.mkdir(exist_ok=True)
            mine.write_parquet(folder / f"{table}.{number:04d}.parquet", compression="lz4")

    def used_parts(self) -> list[str]:
        """The parts that have rows, in order."""
        return [name for name in self._names if (self._folder / name).is_dir()]


_NOWHERE = pl.DataFrame(schema={"id": pl.String, _PART: pl.UInt32})


def _joined(rows: pl.DataFrame, places: pl.DataFrame, column: str, how: str = "inner") -> pl.DataFrame:
    """The rows with the part (or parts) where the id in a column belongs."""
    numbers = [number_of(column)] if number_of(column) in places.columns else []
    return rows.join(
        places.select(pl.col("id").alias("#id"), _PART, *numbers),
        left_on=column,
        right_on="#id",
        how="left" if how == "left" else "inner",
        # In which order the parts of a row come is all one: they are written apart.
        maintain_order="left",
    )


def _counted(places: pl.DataFrame) -> pl.DataFrame:
    """With the number of each row in its part, in the order of the rows."""
    return places.with_columns(pl.int_range(pl.len(), dtype=pl.UInt32).over(_PART).alias(_NUMBER))


def _numbered(rows: pl.DataFrame, places: pl.DataFrame, column: str, how: str = "inner") -> pl.DataFrame:
    """As `_joined`, with the number there as well."""
    return _joined(rows, places.rename({_NUMBER: number_of(column)}), column, how)


def _homed(rows: pl.DataFrame, homes: pl.DataFrame, column: str) -> pl.DataFrame:
    """Whether each row stands in the part where it is decided."""
    named = homes.select(pl.col("id").alias("#id"), pl.col(_PART).alias("#own"))
    joined = rows.join(named, left_on=column, right_on="#id", how="left", maintain_order="left")
    return joined.with_columns((pl.col(_PART) == pl.col("#own")).fill_null(False).alias(HOME)).drop("#own")
