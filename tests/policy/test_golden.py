"""Every golden case comes out, and the runner tells a wrong rule from a wrong case."""

from __future__ import annotations

from collections import Counter
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from wenjiuye.policy.golden import check, check_case, files_of, main
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.policy.yaml_exact import UnreadableFileError, read_file
from wenjiuye.rules.quantity import exact

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = [
    pytest.param(case, path.name, id=str(case["id"]))
    for path in files_of([GOLDEN])
    for case in read_file(path)
]


@pytest.mark.parametrize(("case", "file"), CASES)
def test_the_engine_reckons_what_was_reckoned_by_hand(case: dict[str, Any], file: str) -> None:
    assert check_case(policy(), case, file, 1).problems == ()


def test_no_two_cases_have_one_id() -> None:
    ids = Counter(case.id for case in CASES)
    assert [name for name, times in ids.items() if times > 1] == []


def test_every_measure_has_a_case_for_each_verdict() -> None:
    seen = {(param.values[0]["measure"], param.values[0]["expect"]["verdict"]) for param in CASES}
    wanted = {(name, verdict) for name in policy().measures for verdict in ("eligible", "ineligible")}
    assert sorted(wanted - seen) == []


# ── A case that fails says what was expected and why the engine says otherwise

HIRE = {
    "size": "small",
    "counted_in_epidemic_hiring": False,
    "hired_on": "2020-06-01",
    "contract_months": 12,
    "social_insurance_paid": True,
    "months_registered_unemployed": 8,
    "college_graduate": False,
}
TRAINEE = {
    "unemployed": True,
    "birth_date": "1999-01-01",
    "internship_started_on": "2020-09-01",
    "internship_months": 3,
    "county": "yuzhou",
    "retention_rate": "0.4",
}


def problems(
    measure: str, facts: dict[str, Any], expect: dict[str, Any], on: Any = "2020-12-01", **more: Any
) -> tuple[str, ...]:
    case = {"id": "one", "measure": measure, "on": on, "facts": facts, "expect": expect, **more}
    return check_case(policy(), case, "cases.yaml", 1).problems


def test_a_case_that_comes_out_has_no_problems() -> None:
    assert problems("hiring_subsidy", HIRE, {"verdict": "eligible", "amount": "1000.00"}) == ()


def test_a_wrong_refusal_names_the_conditions_that_fail_in_chinese() -> None:
    facts = {**HIRE, "size": "large", "contract_months": 6}
    (problem,) = problems("hiring_subsidy", facts, {"verdict": "eligible"})
    assert problem == "expected eligible, the engine says ineligible: 不符合 " + (
        "企业规模为中型、微型或小型；合同期限不少于12个月"
    )


def test_a_wrong_refusal_for_want_of_every_alternative_names_them_under_their_heading() -> None:
    (problem,) = problems(
        "hiring_subsidy", {**HIRE, "months_registered_unemployed": 2}, {"verdict": "eligible"}
    )
    assert problem.endswith(
        "不符合 长期登记失业人员或近期毕业未就业高校毕业生（登记失业月数不少于6个月；高校毕业生：是）"
    )


def test_a_wrong_refusal_out_of_time_names_the_window() -> None:
    (problem,) = problems("stability_refund", {}, {"verdict": "eligible"}, on="2021-01-01")
    assert problem.endswith("不符合 在政策期限内：决定日不晚于2020-12-31")


def test_an_open_verdict_names_the_facts_that_are_missing() -> None:
    facts = {name: value for name, value in HIRE.items() if name != "contract_months"}
    assert problems("hiring_subsidy", facts, {"verdict": "eligible"}) == (
        "expected eligible, the engine says undetermined: missing contract_months",
    )


def test_a_rate_over_nothing_is_named_as_the_reason() -> None:
    facts = {"rural_industry_land_quota": 0, "construction_land_quota": 0}
    (problem,) = problems("rural_industry_land", facts, {"verdict": "eligible"})
    assert problem == "expected eligible, the engine says undetermined: a division by zero"


def test_a_wrong_grant_says_so() -> None:
    (problem,) = problems("hiring_subsidy", HIRE, {"verdict": "ineligible"})
    assert problem == "expected ineligible, the engine says eligible"


def test_a_wrong_sum_shows_how_the_engine_reckons() -> None:
    assert problems("internship_subsidy", TRAINEE, {"verdict": "eligible", "amount": 3600}) == (
        "expected amount 3,600.00, the engine says 3,570.00: 较小者（3个月，12个月） × 1,700.00元 × 70%",
    )


def test_a_sum_expected_and_not_known_names_what_it_lacks() -> None:
    facts = {name: value for name, value in TRAINEE.items() if name != "retention_rate"}
    (problem,) = problems("internship_subsidy", facts, {"verdict": "eligible", "amount": 3570})
    assert problem == "expected amount 3,570.00, the engine says unknown: missing retention_rate"
    assert problems("internship_subsidy", facts, {"verdict": "eligible", "amount": None}) == ()


def test_a_sum_that_the_city_has_not_set_names_the_value() -> None:
    facts = {"registered_poor": True, "went_out_to_work_during_epidemic": True}
    (problem,) = problems("migrant_travel_subsidy", facts, {"verdict": "eligible", "amount": 500})
    assert problem.endswith("the engine says unknown: not set on this date migrant_travel_amount")


def test_a_refused_case_has_no_sum_and_not_a_sum_of_nothing() -> None:
    facts = {**HIRE, "size": "large"}
    assert problems("hiring_subsidy", facts, {"verdict": "ineligible", "amount": None}) == ()
    (problem,) = problems("hiring_subsidy", facts, {"verdict": "ineligible", "amount": 0})
    assert problem == "expected amount 0.00, the engine says none"


AWARD = {"outstanding_performance": True, "new_loans_this_year": "1000.05"}


def test_parts_have_to_be_named_all_of_them() -> None:
    assert problems(
        "loan_performance_award", AWARD, {"verdict": "eligible", "parts": {"operator": "8.00"}}
    ) == ("expected the parts ['operator'], the engine has ['lender', 'operator']",)


def test_a_wrong_part_is_named() -> None:
    expect = {"verdict": "eligible", "amount": 10, "parts": {"operator": 8, "lender": 1}}
    assert problems("loan_performance_award", AWARD, expect) == (
        "expected lender 1.00, the engine says 2.00",
    )


def test_a_fact_expected_as_missing_and_not_named_is_a_problem() -> None:
    facts = {name: value for name, value in HIRE.items() if name != "contract_months"}
    expect = {"verdict": "undetermined", "missing": ["contract_months", "size"]}
    assert problems("hiring_subsidy", facts, expect) == (
        "expected size to be named as missing, the engine names contract_months",
    )


def test_a_fact_that_only_the_sum_lacks_counts_as_named() -> None:
    facts = {name: value for name, value in TRAINEE.items() if name != "retention_rate"}
    expect = {"verdict": "eligible", "amount": None, "missing": ["retention_rate"]}
    assert problems("internship_subsidy", facts, expect) == ()


# ── Values of one case alone


def test_one_number_stands_for_every_key_and_every_date() -> None:
    for county in ("yuzhou", "weidu"):
        for day in ("2015-09-01", "2020-09-01"):
            facts = {**TRAINEE, "county": county, "internship_started_on": day}
            expect = {"verdict": "eligible", "amount": 2100}
            assert problems("internship_subsidy", facts, expect, values={"minimum_wage": 1000}) == ()


def test_a_mapping_sets_the_keys_it_names_and_leaves_the_others() -> None:
    values = {"minimum_wage": {"weidu": 1000}}
    expect = {"verdict": "eligible", "amount": 3570}
    assert problems("internship_subsidy", TRAINEE, expect, values=values) == ()
    expect = {"verdict": "eligible", "amount": 2100}
    assert problems("internship_subsidy", {**TRAINEE, "county": "weidu"}, expect, values=values) == ()


def test_the_values_of_a_case_change_no_other_case() -> None:
    expect = {"verdict": "eligible", "amount": 5}
    assert problems("hiring_subsidy", HIRE, expect, values={"hiring_subsidy_amount": 5}) == ()
    assert problems("hiring_subsidy", HIRE, {"verdict": "eligible", "amount": 1000}) == ()


# ── A case that is wrong itself

SOUND = {
    "id": "one",
    "measure": "hiring_subsidy",
    "on": "2020-12-01",
    "facts": HIRE,
    "expect": {"verdict": "eligible"},
}


@pytest.mark.parametrize(
    ("changes", "told"),
    [
        ({"verdikt": 1}, "unknown key verdikt; known: id, measure, on, facts, values, expect, why"),
        ({"expect": {"verdict": "eligible", "sum": 1}}, "expect: unknown key sum"),
        (
            {"measure": "hireing_subsidy"},
            "no measure is named 'hireing_subsidy'; did you mean hiring_subsidy",
        ),
        ({"facts": {"sise": "small"}}, "sise: no such fact; did you mean size"),
        ({"facts": {"contract_months": "twelve"}}, "contract_months"),
        ({"facts": {"size": "tiny"}}, "size"),
        ({"facts": ["size"]}, "facts: wanted a mapping"),
        ({"facts": {True: 1}}, "True: no such fact"),
        ({"values": {"hiring_subsidy_sum": 1}}, "no value is named 'hiring_subsidy_sum'; did you mean"),
        ({"values": {"hiring_subsidy_amount": {"weidu": 1}}}, "has no key, so it takes one figure"),
        ({"values": {"hiring_contract_months": 1.5}}, "hiring_contract_months: 1.5 is not a whole number"),
        ({"values": 3}, "values: wanted a mapping"),
        ({"on": "2020-12"}, "on: Invalid isoformat string: '2020-12'; wanted a day such as 2020-12-01"),
        ({"expect": {}}, "expect: verdict is missing"),
        ({"expect": {"verdict": True}}, "verdict: True is none of eligible, ineligible, undetermined"),
        ({"expect": {"verdict": "eligible", "amount": "1.005"}}, "expect: amount: more than two decimals"),
        ({"expect": {"verdict": "eligible", "parts": 5}}, "parts: wanted a mapping"),
        ({"expect": {"verdict": "undetermined", "missing": "size"}}, "missing: wanted a list of facts"),
        ({"expect": {"verdict": "undetermined", "missing": ["sise"]}}, "missing: no such fact sise"),
    ],
)
def test_a_wrong_case_is_an_error_of_the_case_and_says_what_is_wrong(
    changes: dict[str, Any], told: str
) -> None:
    case = {**SOUND, **changes}
    (problem,) = check_case(policy(), case, "cases.yaml", 1).problems
    assert problem.startswith("error in the case: ")
    assert told in problem


@pytest.mark.parametrize("key", ["id", "measure", "on", "facts", "expect"])
def test_a_case_that_lacks_a_key_says_which(key: str) -> None:
    case = {name: value for name, value in SOUND.items() if name != key}
    assert check_case(policy(), case, "cases.yaml", 1).problems == (f"error in the case: {key} is missing",)


@pytest.mark.parametrize("case", ["text", ["list"], 5, None])
def test_what_is_no_mapping_is_named_by_its_place(case: Any) -> None:
    outcome = check_case(policy(), case, "cases.yaml", 7)
    assert outcome.line() == "cases.yaml: case 7: error in the case: is no mapping"


# ── Files

GOOD = """
- id: one
  measure: hiring_subsidy
  "on": 2020-12-01
  facts: {size: small, counted_in_epidemic_hiring: no, hired_on: 2020-06-01, contract_months: 12,
          social_insurance_paid: yes, months_registered_unemployed: 8}
  expect: {verdict: eligible, amount: 1000.00}
"""


def written(folder: Path, text: str, name: str = "cases.yaml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def lines(path: Path) -> list[str]:
    return [outcome.line() for outcome in check(policy(), [path])]


def test_a_bare_on_says_that_it_wants_quotes(tmp_path: Path) -> None:
    path = written(tmp_path, GOOD.replace('"on"', "on"))
    (line,) = lines(path)
    assert line.endswith('a bare on is read as true by YAML 1.1: quote it, "on": 2020-12-01')


def test_a_decimal_of_many_digits_stays_exact(tmp_path: Path) -> None:
    text = "[0.1, 0.055, 1234567890123456.78, 0.1234567890123456789012345, 1_000.5]"
    wanted = ["0.1", "0.055", "1234567890123456.78", "0.1234567890123456789012345", "1000.5"]
    for name in ("a.yaml", "a.json"):
        plain = text.replace("1_000.5", "1000.5") if name == "a.json" else text
        numbers = read_file(written(tmp_path, plain, name))
        assert [exact(number) for number in numbers] == [Fraction(number) for number in wanted]


def test_a_fen_in_the_sixteenth_digit_is_not_lost(tmp_path: Path) -> None:
    text = GOOD.replace("amount: 1000.00", "amount: 90071992547409.93").replace(
        '"on"', 'values: {hiring_subsidy_amount: 90071992547409.93}\n  "on"'
    )
    assert lines(written(tmp_path, text)) == ["cases.yaml: one: passed"]


@pytest.mark.parametrize(
    ("text", "name", "told"),
    [
        ("- id: one\n  size: small\n  size: large\n", "a.yaml", "line 1, column 3: written twice: size"),
        ('[{"id": 1, "id": 2}]', "a.json", "written twice: id"),
        ("- {hired_on: 2020-02-30}", "a.yaml", "line 1, column 14: 2020-02-30: day is out of range"),
        ("- {rate: 1:30.5}", "a.yaml", "line 1, column 10: not a number: 1:30.5"),
        ("- {a: [}", "a.yaml", "line 1, column 8"),
        ("[1,", "a.json", "not valid JSON"),
        ("[" * 5000, "a.yaml", "not valid YAML"),
        ("id: one", "a.yaml", "wanted a list of cases"),
    ],
    ids=["key twice", "key twice in JSON", "no such day", "base 60", "YAML", "JSON", "deep", "no list"],
)
def test_a_file_that_cannot_be_read_names_the_file_and_the_place(
    tmp_path: Path, text: str, name: str, told: str
) -> None:
    path = written(tmp_path, text, name)
    with pytest.raises(UnreadableFileError) as problem:
        lines(path)
    assert str(problem.value).startswith(f"{path}: ")
    assert told in str(problem.value)


TWO_WITH_SHARED_FACTS = """
- id: one
  measure: counter_guarantee_waiver
  "on": 2020-12-01
  facts: &shared {quality_project: yes, recommended_by_credit_village_park_or_base: no}
  expect: {verdict: eligible}
- id: two
  measure: counter_guarantee_waiver
  "on": 2020-12-01
  facts: {<<: *shared, quality_project: no}
  expect: {verdict: ineligible}
"""


def test_facts_that_two_cases_share_may_be_merged(tmp_path: Path) -> None:
    path = written(tmp_path, TWO_WITH_SHARED_FACTS)
    assert lines(path) == ["cases.yaml: one: passed", "cases.yaml: two: passed"]


def test_a_json_file_is_checked_like_a_yaml_file(tmp_path: Path) -> None:
    text = """[{"id": "one", "measure": "fund_multiplier", "on": "2020-12-01",
        "facts": {"recovered_last_year": 9, "due_last_year": 10, "fund_deposit_balance": 123456789.01},
        "expect": {"verdict": "eligible", "amount": 1234567890.10}}]"""
    assert lines(written(tmp_path, text, "cases.json")) == ["cases.json: one: passed"]


def test_a_folder_is_searched_and_what_is_no_case_file_left_alone(tmp_path: Path) -> None:
    (tmp_path / "inner").mkdir()
    written(tmp_path, "# Cases", "README.md")
    paths = [written(tmp_path, GOOD, name) for name in ("a.yaml", "b.YML", "inner/c.json")]
    assert files_of([tmp_path]) == paths


def test_a_folder_without_case_files_is_an_error_and_no_success(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFileError, match=r"no \.yaml, \.yml or \.json file in it"):
        lines(tmp_path)


@pytest.mark.parametrize("name", ["none.yaml", "latin.yaml"])
def test_a_path_that_cannot_be_read_is_an_error(tmp_path: Path, name: str) -> None:
    (tmp_path / "latin.yaml").write_bytes("稳就业".encode("gb18030"))
    with pytest.raises(UnreadableFileError, match=name):
        lines(tmp_path / name)


def test_an_empty_file_holds_no_cases(tmp_path: Path) -> None:
    assert lines(written(tmp_path, "")) == []


# ── The command


def test_the_last_line_counts_and_failures_come_before_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good = written(tmp_path, GOOD, "a.yaml")
    bad = written(tmp_path, GOOD.replace("1000.00", "900.00"), "b.yaml")
    assert main([str(good)]) == 0
    assert capsys.readouterr().out == "1 passed, 0 failed\n"
    assert main([str(good), str(bad)]) == 1
    assert capsys.readouterr().out.splitlines() == [
        "b.yaml: one: expected amount 900.00, the engine says 1,000.00: 1,000.00元",
        "1 passed, 1 failed",
    ]


def test_a_path_that_cannot_be_read_is_told_without_a_count(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main([str(tmp_path / "none.yaml")]) == 2
    told = capsys.readouterr()
    assert (told.out, "no such file" in told.err) == ("", True)
