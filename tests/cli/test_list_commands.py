"""`measures`, `values` and `facts`."""

from __future__ import annotations

from pathlib import Path

from terminal import ON, wenjiuye

from wenjiuye.policy.xuchang_2020_31 import policy


def test_measures_stand_below_their_articles() -> None:
    answer = wenjiuye("measures")
    assert answer.code == 0
    assert "第1条  落实降本减负政策" in answer.out
    assert f"共 {len(policy().measures)} 项措施" in answer.out


def test_measures_can_be_chosen_by_article_subject_and_kind() -> None:
    for article in ("9", "a09", "第9条"):
        chosen = wenjiuye(
            "measures", "--article", article, "--subject", "loan", "--kind", "benefit", "--json"
        ).json
        assert {m["id"] for m in chosen} == {"extension_interest_subsidy", "force_majeure_loss_share"}


def test_every_measure_is_in_the_json() -> None:
    assert [m["id"] for m in wenjiuye("measures", "--json").json] == list(policy().measures)


def test_an_article_without_measures_is_empty_and_no_error() -> None:
    answer = wenjiuye("measures", "--article", "26")
    assert (answer.code, answer.out.strip()) == (0, "共 0 项措施")


def test_a_value_has_figure_validity_and_source() -> None:
    lines = wenjiuye("values", *ON).out.splitlines()
    place = next(i for i, line in enumerate(lines) if line.startswith("一次性吸纳就业补贴标准"))
    assert lines[place].endswith("1,000.00元/人")
    assert "hiring_subsidy_amount  长期  许政〔2020〕31号 a01.06" in lines[place + 1]


def test_a_figure_by_county_names_the_counties() -> None:
    out = wenjiuye("values", *ON).out
    assert "禹州市；鄢陵县；襄城县" in out
    assert "1,700.00元/月" in out


def test_assumptions_are_marked_and_counted() -> None:
    answer = wenjiuye("values", *ON)
    assert "[假定]" in answer.out
    assert "其中假定 3 项，当日未设定 18 项" in answer.out


def test_unset_values_say_who_sets_them() -> None:
    answer = wenjiuye("values", "--unset", *ON)
    assert "rent_relief_share  由本市规定" in answer.out
    unset = wenjiuye("values", "--unset", *ON, "--json").json["values"]
    assert len(unset) == 18
    assert all(value["local"] and value["figure"] is None for value in unset)


def test_a_figure_that_has_run_out_says_when_it_was_in_force() -> None:
    out = wenjiuye("values", "--unset", "--on", "2021-06-01").out
    assert "refund_share  2021-06-01 不在有效期内（2015-01-01 – 2020-12-31）" in out


def test_values_of_a_reform_show_where_they_come_from(tmp_path: Path) -> None:
    reform = tmp_path / "more.toml"
    reform.write_text("from = 2020-06-01\n[values]\nminimum_wage = { weidu = 2500 }\n", "utf-8")
    out = wenjiuye("values", *ON, "--reform", reform).out
    assert "2,500.00元/月" in out
    assert "reform more.toml  [自行设定]" in out


def test_values_default_to_today() -> None:
    assert wenjiuye("values", "--json").code == 0


def test_facts_say_what_may_be_written() -> None:
    out = wenjiuye("facts", "--subject", "hire").out
    assert "合同期限  contract_months" in out
    assert "整数（个月），最多1200" in out
    assert "employer  → 用人单位 (enterprise)" in out


def test_every_subject_and_fact_is_in_the_json() -> None:
    listed = wenjiuye("facts", "--json").json
    assert [about["subject"] for about in listed] == list(policy().subjects)
    assert {fact["id"] for about in listed for fact in about["facts"]} == set(policy().facts)
