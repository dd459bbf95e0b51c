"""The page on the data model names everything that a registry may hold."""

from __future__ import annotations

from wenjiuye.policy.registry import RECORDS
from wenjiuye.population.registry.data_model_page import data_model_page
from wenjiuye.rules.quantity import Kind


def test_every_table_column_relation_and_member_is_on_the_page():
    page = data_model_page()
    for record in RECORDS.values():
        _, _, section = page.partition(f"### {record.id} ({record.zh})")
        section = section.partition("\n###")[0]
        assert record.means in section
        rows = [line for line in section.splitlines() if line.startswith("| `")]
        told = {row.split("`")[1]: row for row in rows}
        assert set(told) == {
            *(["id"] if record.keyed else []),
            *record.relations,
            *record.texts,
            *record.facts,
        }
        for name in record.required:
            assert "| yes |" in told[name]
        for name, link in record.relations.items():
            assert f"→ [`{link.target.id}`](#{link.target.id})" in told[name]
        for name, fact in record.facts.items():
            assert f"| {fact.zh} |" in told[name]
            assert fact.means in told[name]
            if fact.kind is Kind.ENUM:
                assert all(f"`{member}` {zh}" in told[name] for member, (zh, _) in fact.members.items())


def test_derived_facts_stand_in_a_table_per_subject():
    page = data_model_page([("person", "rural", "农村", "a | b"), ("enterprise", "size", "规模", "c")])
    assert (
        "### Facts of person\n\n| fact | 中文 | how |\n|---|---|---|\n| `rural` | 农村 | a \\| b |\n" in page
    )
    assert "### Facts of enterprise" in page
    assert "How facts are derived" not in data_model_page()
