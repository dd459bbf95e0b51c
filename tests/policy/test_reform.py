"""Reforms from files: what they change, what they leave alone, and what is wrong with a wrong one."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from wenjiuye.policy.reform import ReformError, reformed
from wenjiuye.policy.xuchang_2020_31 import policy
from wenjiuye.rules.case import decide

ON = dt.date(2020, 12, 1)
HIRE = {
    "size": "small",
    "hired_on": "2020-06-01",
    "contract_months": 24,
    "social_insurance_paid": True,
    "months_registered_unemployed": 8,
}
RULE = '''"""A reform."""

from __future__ import annotations

from wenjiuye.policy.vocabulary import Hire
from wenjiuye.policy.xuchang_2020_31.funds import EMPLOYMENT_SUBSIDY
from wenjiuye.rules import Grant, Values, benefit


@benefit(clause="a01.06", zh="吸纳补贴改", en="reformed", fund=EMPLOYMENT_SUBSIDY)
def hiring_subsidy(hire: Hire, v: Values) -> Grant:
    """For every hire with social insurance."""
    return Grant(when=hire.social_insurance_paid, amount=v.hiring_subsidy_amount)
'''


def file(folder: Path, text: str, name: str = "reform.toml") -> Path:
    path = folder / name
    path.write_text(text, "utf-8")
    return path


def test_a_figure_is_replaced_and_everything_else_is_shared(tmp_path: Path) -> None:
    reform = reformed(policy(), [file(tmp_path, "[values]\nhiring_subsidy_amount = 2000.5\n")])
    assert decide(reform, "hiring_subsidy", HIRE, ON).amount == 200_050
    assert decide(policy(), "hiring_subsidy", HIRE, ON).amount == 100_000
    assert reform.measures is policy().measures


def test_a_figure_holds_from_its_day_on(tmp_path: Path) -> None:
    reform = reformed(
        policy(), [file(tmp_path, "from = 2020-11-01\n[values]\nhiring_subsidy_amount = 2000\n")]
    )
    amounts = [decide(reform, "hiring_subsidy", HIRE, ON.replace(month=m)).amount for m in (10, 11)]
    assert amounts == [100_000, 200_000]


def test_one_county_is_changed_and_the_others_stay(tmp_path: Path) -> None:
    reform = reformed(policy(), [file(tmp_path, "[values]\nminimum_wage = { weidu = 2500 }\n")])
    wage = reform.values["minimum_wage"]
    assert (wage.figure(ON, "weidu"), wage.figure(ON, "yuzhou")) == (250_000, 170_000)


def test_a_local_value_that_nobody_set_is_set(tmp_path: Path) -> None:
    reform = reformed(policy(), [file(tmp_path, '[values]\nrent_relief_share = "1/3"\n')])
    assert reform.values["rent_relief_share"].on(ON) is not None


def test_a_file_of_rules_replaces_the_measure_of_its_name(tmp_path: Path) -> None:
    reform = reformed(policy(), [file(tmp_path, RULE, "reform.py")])
    assert decide(reform, "hiring_subsidy", {"social_insurance_paid": True}, ON).amount == 100_000
    assert reform.measures["hiring_subsidy"].zh == "吸纳补贴改"
    assert list(reform.measures).index("hiring_subsidy") == list(policy().measures).index("hiring_subsidy")


def test_reforms_are_laid_one_over_the_other(tmp_path: Path) -> None:
    figures = file(tmp_path, "[values]\nhiring_subsidy_amount = 7\n")
    reform = reformed(policy(), [file(tmp_path, RULE, "reform.py"), figures])
    assert decide(reform, "hiring_subsidy", {"social_insurance_paid": True}, ON).amount == 700


def test_no_reform_is_the_policy_itself() -> None:
    assert reformed(policy(), []) is policy()


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("r.toml", "x", "not valid TOML"),
        ("r.toml", "", "no figures; write \\[values\\]"),
        ("r.toml", "[valeus]\nx = 1", "unknown valeus"),
        ("r.toml", "[values]\nhiring_subsidy_amont = 1", "did you mean hiring_subsidy_amount"),
        ("r.toml", '[values]\nhiring_subsidy_amount = "much"', "not a number: 'much'"),
        ("r.toml", "[values]\nhiring_subsidy_amount = 1.001", "more than two decimals"),
        ("r.toml", "[values]\nhiring_subsidy_amount = { weidu = 1 }", "has no key"),
        (
            "r.toml",
            "[values]\nminimum_wage = { weidoo = 1 }",
            "no county is named 'weidoo'; did you mean weidu",
        ),
        ("r.toml", 'from = "2021"\n[values]\nminimum_wage = 1', "is no date"),
        ("r.toml", "from = 2021-01-01T00:00:00\n[values]\nminimum_wage = 1", "is no date"),
        ("r.toml", "[values]\nminimum_wage = 1\nfrom = 2021-01-01", "'from' must stand above"),
        ("r.py", "def f(:", "line 1: SyntaxError"),
        ("r.py", "x = 1\ny = x / 0\n", "line 2: ZeroDivisionError"),
        ("r.py", "import not_there\n", "line 1: ModuleNotFoundError"),
        ("r.py", "x = 1\n", "declares no measure"),
        ("r.py", RULE.replace("hire.social", "hire.sozial"), "no fact or relation 'sozial_insurance_paid'"),
        ("r.py", RULE.replace("hiring_subsidy_amount", "no_such"), "no_such"),
        ("r.py", RULE.replace("return Grant(", "return int("), "TypeError"),
        ("r.json", "{}", "a .toml file of figures or a .py file of rules"),
    ],
)
def test_a_wrong_reform_is_named_with_what_is_wrong(tmp_path: Path, name: str, text: str, said: str) -> None:
    with pytest.raises(ReformError, match=f"{name}.*{said}"):
        reformed(policy(), [file(tmp_path, text, name)])


def test_a_reform_that_is_not_there_or_not_text_is_named(tmp_path: Path) -> None:
    with pytest.raises(ReformError, match="no such file"):
        reformed(policy(), [tmp_path / "nowhere.toml"])
    (tmp_path / "r.toml").write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ReformError, match="not UTF-8"):
        reformed(policy(), [tmp_path / "r.toml"])
    (tmp_path / "d.toml").mkdir()
    with pytest.raises(ReformError, match="cannot be read"):
        reformed(policy(), [tmp_path / "d.toml"])
