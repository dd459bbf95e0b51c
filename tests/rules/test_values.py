"""Dated values: what a file must look like, what is in force when, and what a reform of figures leaves alone."""

from __future__ import annotations

import datetime as dt
import tomllib
from dataclasses import FrozenInstanceError
from fractions import Fraction
from importlib import resources
from typing import Any

import jsonschema
import pytest
from three_engines import answer, asking, paying

from wenjiuye.policy.xuchang_2020_31 import values as shipped
from wenjiuye.rules import ValueBook, ValueFileError, parse_values
from wenjiuye.rules.quantity import Kind
from wenjiuye.rules.values_schema import JSON_SCHEMA

HEAD = '[prize]\nzh = "奖"\nen = "prize"\ntype = "money"\nunit = "yuan"\n'
KEYED = (
    '[wage]\nzh = "工资"\nen = "wage"\ntype = "money"\nunit = "yuan/month"\nkey = "region"\n'
    '[[wage.dated]]\nto = 2020-12-31\nvalues = { north = 10, south = 20 }\nsource = "s"\n'
    '[[wage.dated]]\nfrom = 2021-01-01\nvalues = { north = 11, south = 21 }\nsource = "t"\n'
)
OLD, NEW = dt.date(2020, 6, 1), dt.date(2021, 6, 1)


def entry(**fields: str) -> str:
    written = {"value": "100", "source": '"s"', **fields}
    return "[[prize.dated]]\n" + "".join(f"{k} = {v}\n" for k, v in written.items() if v)


def refused(text: str, *words: str) -> None:
    with pytest.raises(ValueFileError) as problem:
        parse_values(text, "city.toml")
    told = str(problem.value)
    assert told.startswith("city.toml: "), told
    for word in words:
        assert word in told, told


# ── Reading


@pytest.mark.parametrize(
    ("kind", "unit", "written", "figure"),
    [
        ("money", "yuan", "1234.56", 123_456),
        ("money", "yuan/person", "0.01", 1),
        ("money", "yuan", '"100000000000.01"', 10_000_000_000_001),
        ("money", "yuan", "0.1", 10),
        ("int", "months", "36", 36),
        ("int", "people", "-1", -1),
        ("share", "share", "0.055", Fraction(11, 200)),
        ("share", "share", '"2/3"', Fraction(2, 3)),
        ("share", "share", '"5.5 %"', Fraction(11, 200)),
        ("share", "share", "1", 1),
        ("share", "days/cases", "7.5", Fraction(15, 2)),
        ("date", "date", "2020-12-31", dt.date(2020, 12, 31)),
        ("date", "date", '"2020-12-31"', dt.date(2020, 12, 31)),
    ],
)
def test_a_figure_is_read_exactly(kind: str, unit: str, written: str, figure: object) -> None:
    text = HEAD.replace('"money"', f'"{kind}"').replace('"yuan"', f'"{unit}"') + entry(value=written)
    assert parse_values(text, "city.toml")["prize"].figure(OLD) == figure


def test_what_is_no_toml_is_refused_with_the_file() -> None:
    refused("[prize", "not valid TOML")
    refused("prize = 3", "[prize]", "is no table; write [name] and its fields below")


@pytest.mark.parametrize("field", ["zh", "en", "type", "unit"])
def test_a_value_without_title_type_or_unit_is_refused(field: str) -> None:
    lines = [line for line in HEAD.splitlines() if not line.startswith(f"{field} =")]
    refused("\n".join(lines) + "\n" + entry(), "[prize]", f"{field} is missing")


def test_a_field_that_no_one_reads_is_refused() -> None:
    refused(HEAD + 'colour = "red"\n' + entry(), "unknown field 'colour'; known: zh, en")
    refused(HEAD + entry(colour='"red"'), "[prize] entry 1: unknown field 'colour'")


def test_a_type_and_a_unit_that_do_not_fit_are_refused() -> None:
    refused(HEAD.replace('"yuan"', '"months"') + entry(), "type money and unit 'months' do not fit")
    refused(HEAD.replace('"money"', '"int"') + entry(), "type int and unit 'yuan' do not fit")
    refused(HEAD.replace('"money"', '"bool"') + entry(), "type 'bool' is none of money, int, share, date")


def test_a_figure_without_source_is_refused() -> None:
    refused(HEAD + entry(source=""), "entry 1: source is missing")
    refused(HEAD + entry(source='"  "'), "the source is empty; name the document")


def test_a_figure_of_the_wrong_form_is_refused() -> None:
    refused(HEAD + entry(value="1.234"), "entry 1: ", "more than two decimals")
    refused(HEAD + entry(value='"many"'), "not a number: 'many'; wanted: a money")
    refused(HEAD + entry(value="true"), "a yes/no where a number is wanted")
    refused(HEAD + entry(value="inf"), "not a number")
    refused(HEAD + entry(value='"1/0"'), "denominator 0")
    count = HEAD.replace('"money"', '"int"').replace('"yuan"', '"months"')
    refused(count + entry(value="1.5"), "1.5 is not a whole number")
    day = HEAD.replace('"money"', '"date"').replace('"yuan"', '"date"')
    refused(day + entry(value="2020"), "not a date: 2020; wanted: a date")
    refused(day + entry(value='"2020-13-01"'), "wanted: a date")


def test_a_figure_per_key_and_one_figure_are_not_mixed_up() -> None:
    refused(
        HEAD + entry(value="", values="{ north = 1 }"),
        "write value = … and not values, because it has no key",
    )
    keyed = HEAD + 'key = "region"\n'
    refused(keyed + entry(), "write values = … and not value, because it has a key")
    refused(keyed + entry(values="{ north = 1 }"), "write values = … and not value")
    refused(HEAD + entry(value=""), "write value = …")


def test_a_validity_must_be_dates_in_order() -> None:
    refused(
        HEAD + entry(**{"from": '"2020-01-01"'}), "from = '2020-01-01' is no date; write it without quotes"
    )
    refused(HEAD + entry(to="2020-01-01T10:00:00"), "to = ", "is no date")
    refused(
        HEAD + entry(**{"from": "2020-02-01", "to": "2020-01-31"}),
        "ends on 2020-01-31 before it starts on 2020-02-01",
    )
    assert parse_values(HEAD + entry(**{"from": "2020-02-01", "to": "2020-02-01"}), "city.toml")


def test_two_figures_in_force_on_one_day_are_refused() -> None:
    refused(
        HEAD + entry(to="2020-12-31") + entry(**{"from": "2020-12-31"}),
        "[prize]: two entries are in force on 2020-12-31; end one before",
    )
    refused(HEAD + entry() + entry(**{"from": "2021-01-01"}), "two entries are in force on 2021-01-01")
    refused(HEAD + entry() + entry(to="2019-01-01"), "two entries are in force on the same days")


def test_a_confidence_is_high_medium_or_low() -> None:
    refused(HEAD + entry(confidence='"sure"'), "confidence 'sure' is none of high, medium, low")


def test_a_value_without_figure_says_that_the_city_sets_it() -> None:
    refused(HEAD, "no figure; add [[….dated]] or say local = true")
    assert parse_values(HEAD + "local = true\n", "city.toml")["prize"].figure(OLD) is None


@pytest.mark.parametrize("line", ["zh = 5", 'zh = ""', 'local = "no"', "key = 3", "note = 1", "dated = 4"])
def test_a_field_of_the_wrong_type_is_refused(line: str) -> None:
    """`local = "no"` would otherwise read as yes."""
    field = line.split(" = ")[0]
    kept = [known for known in HEAD.splitlines() if not known.startswith(f"{field} =")]
    figures = "" if field == "dated" else entry()
    refused("\n".join([*kept, line]) + "\n" + figures, "[prize]", field)


def test_a_value_in_two_files_is_refused() -> None:
    book = parse_values(HEAD + entry(), "city.toml")
    with pytest.raises(ValueFileError, match="prize: declared in two files; keep one"):
        book.merged(parse_values(HEAD + entry(), "other.toml"))


def test_an_unknown_value_names_the_nearest_ones() -> None:
    with pytest.raises(ValueFileError, match="no value is named 'prise'; did you mean prize"):
        parse_values(HEAD + entry(), "city.toml")["prise"]


# ── What is in force


def test_a_figure_is_in_force_on_its_first_and_on_its_last_day() -> None:
    text = HEAD + entry(**{"from": "2020-03-01", "to": "2020-05-31"})
    value = parse_values(text, "city.toml")["prize"]
    days = ("2020-02-29", "2020-03-01", "2020-05-31", "2020-06-01")
    assert [value.figure(dt.date.fromisoformat(day)) for day in days] == [None, 10_000, 10_000, None]


def test_entries_may_stand_in_any_order() -> None:
    text = HEAD + entry(value="2", **{"from": "2021-01-01"}) + entry(value="1", to="2020-12-31")
    value = parse_values(text, "city.toml")["prize"]
    assert (value.figure(OLD), value.figure(NEW)) == (100, 200)


def test_a_key_without_figure_has_none() -> None:
    book = parse_values(KEYED, "city.toml")
    assert book["wage"].figure(OLD, "north") == 1000
    assert book["wage"].figure(OLD, "west") is None
    assert book["wage"].figure(OLD) is None


def test_unset_lists_what_has_no_figure_on_a_day() -> None:
    local = HEAD.replace("prize", "local") + "local = true\n"
    spring = HEAD.replace("prize", "spring") + entry(to="2020-12-31").replace("prize", "spring")
    book = parse_values(HEAD + entry() + local + spring, "city.toml")
    assert [value.name for value in book.unset(OLD)] == ["local"]
    assert [value.name for value in book.unset(NEW)] == ["local", "spring"]
    assert [value.name for value in book.with_overrides({"local": 5}, source="city").unset(OLD)] == []


def test_a_local_value_set_from_a_day_on_is_unset_before_it() -> None:
    book = parse_values(HEAD + "local = true\n", "city.toml")
    reform = book.with_overrides({"prize": 5}, source="city", start=NEW)
    assert reform["prize"].figure(OLD) is None
    assert reform["prize"].figure(NEW) == 500
    assert [value.name for value in reform.unset(OLD)] == ["prize"]
    assert reform.unset(NEW) == []


@pytest.mark.parametrize(
    ("name", "zh", "en"),
    [
        ("personal_loan_most", "500,000.00元", "500,000.00 yuan"),
        ("hiring_contract_months", "12个月", "12 months"),
        ("refund_share", "50%", "50%"),
        ("small_taxpayer_vat_cut_end", "2020-12-31", "2020-12-31"),
    ],
)
def test_a_figure_is_shown_as_people_read_it(name: str, zh: str, en: str) -> None:
    value = shipped()[name]
    figure = value.figure(dt.date(2020, 12, 1))
    assert (value.show(figure), value.show(figure, "en")) == (zh, en)
    assert (value.show(None), value.show(None, "en")) == ("未设定", "not set")


# ── The shipped files


def files() -> list[tuple[str, dict[str, Any]]]:
    places = (
        ("wenjiuye.policy.vocabulary", "national.toml"),
        ("wenjiuye.policy.xuchang_2020_31", "values.toml"),
    )
    return [
        (name, as_json(tomllib.loads(resources.files(package).joinpath(name).read_text("utf-8"))))
        for package, name in places
    ]


def as_json(raw: Any) -> Any:
    """TOML as JSON keeps it: a date is ISO text."""
    if isinstance(raw, dict):
        return {key: as_json(part) for key, part in raw.items()}
    if isinstance(raw, list):
        return [as_json(part) for part in raw]
    return raw.isoformat() if isinstance(raw, dt.date) else raw


@pytest.mark.parametrize(("name", "raw"), files(), ids=lambda part: part if isinstance(part, str) else "")
def test_the_shipped_files_are_valid_by_the_published_schema(name: str, raw: dict[str, Any]) -> None:
    assert name
    check = jsonschema.Draft202012Validator(JSON_SCHEMA, format_checker=jsonschema.FormatChecker())
    check.check_schema(JSON_SCHEMA)
    assert [problem.message for problem in check.iter_errors(raw)] == []


def test_the_published_schema_refuses_what_the_parser_refuses() -> None:
    check = jsonschema.Draft202012Validator(JSON_SCHEMA, format_checker=jsonschema.FormatChecker())
    broken = [
        HEAD + entry(source=""),
        HEAD + entry(colour='"red"'),
        HEAD + entry(confidence='"sure"'),
        HEAD.replace('"money"', '"bool"') + entry(),
        HEAD.replace('unit = "yuan"\n', "") + entry(),
        "prize = 3",
    ]
    for text in broken:
        refused(text)
        assert list(check.iter_errors(as_json(tomllib.loads(text)))), text


def test_every_shipped_figure_has_a_source_and_every_money_is_whole_fen() -> None:
    for value in shipped().values.values():
        assert value.zh, value.name
        assert value.en, value.name
        for dated in value.entries:
            assert dated.source.strip(), value.name
            for figure in dated.figures.values():
                if value.kind in (Kind.MONEY, Kind.INT):
                    assert isinstance(figure, int), value.name
                elif value.kind is Kind.SHARE:
                    assert isinstance(figure, int | Fraction), value.name


# ── Reforms of figures


def test_one_figure_holds_for_every_key_and_every_date() -> None:
    reform = parse_values(KEYED, "city.toml").with_overrides({"wage": 15}, source="draft")
    for day in (dt.date(1990, 1, 1), OLD, NEW):
        for key in ("north", "south", "west", None):
            assert reform["wage"].figure(day, key) == 1500


def test_a_mapping_changes_the_keys_that_it_names_and_leaves_the_others() -> None:
    reform = parse_values(KEYED, "city.toml").with_overrides(
        {"wage": {"north": 15, "west": 9}}, source="draft"
    )
    assert [reform["wage"].figure(OLD, key) for key in ("north", "south", "west")] == [1500, 2000, 900]
    assert [reform["wage"].figure(NEW, key) for key in ("north", "south", "west")] == [1500, 2100, 900]


def test_a_reform_from_a_day_on_leaves_the_days_before_alone() -> None:
    book = parse_values(KEYED, "city.toml")
    start = dt.date(2020, 10, 1)
    reform = book.with_overrides({"wage": {"north": 15}}, source="draft", start=start)
    day_before = start - dt.timedelta(days=1)
    assert reform["wage"].figure(day_before, "north") == 1000
    assert [reform["wage"].figure(start, key) for key in ("north", "south")] == [1500, 2000]
    assert [reform["wage"].figure(NEW, key) for key in ("north", "south")] == [1500, 2100]
    assert {entry.source for entry in reform["wage"].entries} == {"s", "draft"}


def test_one_figure_from_a_day_on_leaves_the_days_before_alone() -> None:
    book = parse_values(KEYED, "city.toml")
    reform = book.with_overrides({"wage": 15}, source="draft", start=dt.date(2021, 1, 1))
    assert reform["wage"].figure(dt.date(2020, 12, 31), "south") == 2000
    assert reform["wage"].figure(dt.date(2021, 1, 1), "south") == 1500
    assert reform["wage"].figure(dt.date(2021, 1, 1), "west") == 1500


def test_a_mapping_on_top_of_one_figure_for_every_key_leaves_the_other_keys_that_figure() -> None:
    book = parse_values(KEYED, "city.toml").with_overrides({"wage": 15}, source="draft")
    reform = book.with_overrides({"wage": {"north": 16}}, source="draft 2")
    assert [reform["wage"].figure(OLD, key) for key in ("north", "south")] == [1600, 1500]


@pytest.mark.parametrize("start", [dt.date(2022, 1, 1), dt.date(2019, 1, 1)])
def test_a_reform_from_a_day_on_holds_also_where_no_figure_was_in_force(start: dt.date) -> None:
    """A draft must not vanish because the old rule had expired, or had not begun."""
    expired = parse_values(HEAD + entry(**{"from": "2020-01-01", "to": "2020-12-31"}), "city.toml")
    reform = expired.with_overrides({"prize": 7}, source="draft", start=start)
    assert reform["prize"].figure(start) == 700
    assert reform["prize"].figure(dt.date(2030, 1, 1)) == 700
    assert reform["prize"].figure(start - dt.timedelta(days=1)) in (None, 10_000)


def test_what_a_reform_sets_is_called_given() -> None:
    reform = parse_values(KEYED, "city.toml").with_overrides({"wage": 15}, source="draft")
    dated = reform["wage"].on(OLD)
    assert dated is not None
    assert (dated.source, dated.confidence) == ("draft", "given")


def test_a_wrong_figure_of_a_reform_is_refused_with_the_name() -> None:
    book = parse_values(KEYED + HEAD + entry(), "city.toml")
    with pytest.raises(ValueFileError, match="prize: has no key, so it takes one figure, not a mapping"):
        book.with_overrides({"prize": {"north": 1}}, source="draft")
    with pytest.raises(ValueFileError, match=r"wage: .*more than two decimals"):
        book.with_overrides({"wage": "1.234"}, source="draft")
    with pytest.raises(ValueFileError, match="no value is named 'wagge'; did you mean wage"):
        book.with_overrides({"wagge": 1}, source="draft")


def test_a_reform_shares_what_it_does_not_touch() -> None:
    book = shipped()
    reform = book.with_overrides({"hiring_subsidy_amount": 2000}, source="draft")
    assert reform["hiring_subsidy_amount"] is not book["hiring_subsidy_amount"]
    assert all(
        reform[name] is value for name, value in book.values.items() if name != "hiring_subsidy_amount"
    )


def test_a_book_a_value_and_an_entry_cannot_be_changed() -> None:
    book = parse_values(HEAD + entry(), "city.toml")
    value = book["prize"]
    for thing, field in ((book, "values"), (value, "entries"), (value.entries[0], "figures")):
        with pytest.raises((FrozenInstanceError, AttributeError, TypeError)):
            setattr(thing, field, {})


def test_the_tables_inside_a_book_cannot_be_changed_either() -> None:
    book = parse_values(HEAD + entry(), "city.toml")
    with pytest.raises(TypeError):
        book.values["prize"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        book["prize"].entries[0].figures[None] = 1  # type: ignore[index]


def test_a_book_merged_holds_the_values_of_both() -> None:
    both = parse_values(KEYED, "a.toml").merged(parse_values(HEAD + entry(), "b.toml"))
    assert list(both.values) == ["wage", "prize"]
    assert isinstance(both, ValueBook)


# ── In all three engines


@pytest.mark.parametrize("on", [OLD, NEW, dt.date(2018, 1, 1)])
@pytest.mark.parametrize("region", ["north", "west", None])
@pytest.mark.parametrize(
    ("override", "start"),
    [
        (None, None),
        (15, None),
        ({"north": 15}, None),
        (15, dt.date(2021, 1, 1)),
        (15, dt.date(2021, 3, 1)),
        ({"north": 15, "west": 1}, dt.date(2021, 3, 1)),
    ],
)
def test_a_figure_under_a_reform_is_the_same_in_all_engines(
    on: dt.date, region: str | None, override: Any, start: dt.date | None
) -> None:
    policy = paying(lambda f, v: v.wage.by(f.region))
    if override is not None:
        policy = policy.with_values({"wage": override}, start=start)
    facts = {} if region is None else {"region": region}
    wanted = policy.values["wage"].figure(on, region)
    assert answer(policy, on, **facts).amount == wanted
    dated = paying(lambda f, v: v.wage.by(f.region).on(f.picked_on), values=policy.values)
    assert answer(dated, dt.date(2020, 1, 1), picked_on=on, **facts).amount == wanted


@pytest.mark.parametrize("grade", [1, 2, 3, None])
def test_a_table_keyed_by_a_number_says_in_all_engines_what_it_covers(grade: int | None) -> None:
    policy = asking(lambda f, v: v.grade_rate.covers(f.grade))
    facts = {} if grade is None else {"grade": grade}
    wanted = {1: "eligible", 2: "eligible", 3: "ineligible", None: "undetermined"}[grade]
    assert answer(policy, **facts).verdict == wanted


@pytest.mark.parametrize("region", ["north", "west", None])
def test_a_table_says_in_all_engines_which_keys_it_covers_on_which_day(region: str | None) -> None:
    policy = asking(lambda f, v: v.wage.covers(f.region))
    facts = {} if region is None else {"region": region}
    wanted = {"north": "eligible", "west": "ineligible", None: "undetermined"}[region]
    assert answer(policy, OLD, **facts).verdict == wanted
    before = {None: "undetermined"}.get(region, "ineligible")
    assert answer(policy, dt.date(2018, 1, 1), **facts).verdict == before


def test_a_table_says_in_all_engines_which_keys_it_covers_on_a_day_of_the_facts() -> None:
    policy = asking(lambda f, v: v.wage.on(f.picked_on).covers(f.region))
    early = dt.date(2018, 1, 1)
    assert answer(policy, early, picked_on=OLD, region="north").verdict == "eligible"
    assert answer(policy, OLD, picked_on=early, region="north").verdict == "ineligible"
    assert answer(policy, OLD, region="north").verdict == "undetermined"
