"""Whatever a user gets wrong is said in a line or two on stderr, with exit code 2 and never a traceback."""

from __future__ import annotations

from pathlib import Path

import pytest
from terminal import HIRE, ON, facts_file, wenjiuye

FILES: dict[str, bytes] = {
    "broken.json": b"{broken",
    "broken.yaml": b"a: [b",
    "empty.yaml": b"",
    "list.yaml": b"[1, 2]",
    "bytes.json": b"\xff\xfe\x00\x01",
    "gbk.json": '{"subject": "新招用人员", "facts": {}}'.encode("gbk"),
    "deep.json": b"[" * 100_000,
    "twice.yaml": b"subject: hire\nsubject: hire\nfacts: {}",
    "no-subject.json": b'{"facts": {}}',
    "no-facts.json": b'{"subject": "hire"}',
    "facts-list.json": b'{"subject": "hire", "facts": [1]}',
    "more.json": b'{"subject": "hire", "facts": {}, "extra": 1}',
    "hyre.json": b'{"subject": "hyre", "facts": {}}',
    "odd-subject.json": b'{"subject": ["hire"], "facts": {}}',
    "member.json": b'{"subject": "hire", "facts": {"size": "tiny"}}',
    "negative.json": b'{"subject": "hire", "facts": {"contract_months": -3}}',
    "fraction.json": b'{"subject": "hire", "facts": {"contract_months": 1.5}}',
    "huge.json": b'{"subject": "hire", "facts": {"contract_months": 1e400}}',
    "nan.json": b'{"subject": "hire", "facts": {"contract_months": NaN}}',
    "text.json": b'{"subject": "hire", "facts": {"contract_months": "a year"}}',
    "type.json": b'{"subject": "hire", "facts": {"contract_months": {"a": [1]}}}',
    "date.json": b'{"subject": "hire", "facts": {"hired_on": "2020-13-01"}}',
    "bool.json": b'{"subject": "hire", "facts": {"social_insurance_paid": "maybe"}}',
    "unknown.json": b'{"subject": "hire", "facts": {"contract_month": 12}}',
    "relation.json": b'{"subject": "hire", "facts": {"employer": 3}}',
    "rows.json": b'{"subject": "enterprise", "facts": {"hires": {"a": 1}}}',
    "records.json": b'{"subject": "loan", "facts": {"partner_loans": [{"amount": 1}]}}',
}
COMMANDS: dict[str, tuple[str, ...]] = {
    "a file that is not there": ("decide", "nowhere.json", *ON),
    "a folder for a file": ("decide", ".", *ON),
    "no date": ("decide", "hire.json"),
    "a day that does not exist": ("decide", "hire.json", "--on", "2020-02-30"),
    "a word for a date": ("decide", "hire.json", "--on", "tomorrow"),
    "a date before all others": ("decide", "hire.json", "--on", "0001-01-01"),
    "a date after all others": ("decide", "hire.json", "--on", "9999-12-31"),
    "an unknown language": ("decide", "hire.json", *ON, "--lang", "fr"),
    "an unknown measure": ("explain", "hirng_subsidy", "hire.json", *ON),
    "a measure of another subject": ("explain", "internship_subsidy", "hire.json", *ON),
    "an unknown command": ("decyde",),
    "no command": (),
    "a missing argument": ("explain", "hiring_subsidy"),
    "an article that does not exist": ("measures", "--article", "99"),
    "a word for an article": ("measures", "--article", "first"),
    "an unknown subject of measures": ("measures", "--subject", "hyre"),
    "an unknown kind": ("measures", "--kind", "gift"),
    "an unknown subject of facts": ("facts", "--subject", "hyre"),
    "a text that is not there": ("coverage", "--text", "nowhere.txt"),
    "a folder for a text": ("coverage", "--text", "."),
    "cases that are not there": ("check", "nowhere.yaml"),
    "a folder without cases": ("check", "empty"),
    "facts for cases": ("check", "hire.json"),
    "broken cases": ("check", "broken.yaml"),
    "no cases": ("check",),
    "a graph of nothing": ("graph", "nothing"),
    "a picture of another kind": ("graph", "hiring_subsidy", "-o", "graph.png"),
    "a picture where none can be": ("graph", "hiring_subsidy", "-o", "hire.json/graph.svg"),
    "a template of nothing": ("template", "hyre", "-o", "hyre.xlsx"),
    "a template that is no workbook": ("template", "hire", "-o", "hire.csv"),
    "a template where none can be": ("template", "hire", "-o", "hire.json/hire.xlsx"),
    "tables that are not there": ("determine", "nowhere", *ON, "-o", "out"),
    "a folder without tables": ("determine", "empty", *ON, "-o", "out"),
    "facts for tables": ("determine", "hire.json", *ON, "-o", "out"),
    "a damaged workbook": ("determine", "damaged.xlsx", *ON, "-o", "out"),
    "a table in an unknown encoding": ("determine", "encoding", *ON, "-o", "out"),
    "a table without ids": ("determine", "headless", *ON, "-o", "out"),
    "no place for the results": ("determine", "tables", *ON),
    "results over the tables": ("determine", "tables", *ON, "-o", "tables"),
    "results where a file is": ("determine", "tables", *ON, "-o", "hire.json"),
    "results below a file": ("determine", "tables", *ON, "-o", "hire.json/out"),
    "a workbook without its name": ("determine", "tables", *ON, "-o", "out", "--format", "xlsx"),
    "an unknown format": ("determine", "tables", *ON, "-o", "out", "--format", "pdf"),
    "a demo below a file": ("demo", "-o", "hire.json"),
    "questions about nothing": ("ask", "hyre"),
    "questions for an unknown measure": ("ask", "hire", "--measure", "hirng"),
    "questions for a measure of another subject": ("ask", "hire", "--measure", "internship_subsidy"),
    "answers that cannot be saved": ("ask", "hire", "-o", "nowhere/facts.json"),
    "a reform that is not there": ("values", "--reform", "nowhere.toml"),
    "a reform of another kind": ("values", "--reform", "hire.json"),
}


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    facts_file(tmp_path, HIRE).rename(tmp_path / "hire.json")
    for name, content in FILES.items():
        (tmp_path / name).write_bytes(content)
    for name in ("empty", "tables", "encoding", "headless"):
        (tmp_path / name).mkdir()
    (tmp_path / "damaged.xlsx").write_bytes(b"PK\x03\x04 not really")
    (tmp_path / "tables" / "hire.csv").write_text("id,contract_months\nH1,12\n", "utf-8")
    (tmp_path / "encoding" / "hire.csv").write_bytes(b"id,contract_months\n\xff\xff\x81,12\n")
    (tmp_path / "headless" / "hire.csv").write_text("contract_months\n12\n", "utf-8")
    return tmp_path


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", FILES)
def test_a_file_of_facts_that_is_wrong_is_named_with_what_is_wrong(name: str) -> None:
    answer = wenjiuye("decide", name, *ON)
    assert answer.code == 2
    assert answer.err.startswith((f"错误：{name}：", f"错误：{name}: "))
    assert answer.out == ""


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize("name", COMMANDS)
def test_wrong_use_ends_with_2_and_a_message(name: str) -> None:
    answer = wenjiuye(*COMMANDS[name])
    assert answer.code == 2
    assert "Traceback" not in answer.err
    assert answer.err.strip() or answer.out.strip().startswith("Usage")


@pytest.mark.usefixtures("folder")
def test_each_of_several_wrong_facts_is_told(folder: Path) -> None:
    path = facts_file(folder, {"size": "tiny", "contract_months": -1, "contract_month": 3})
    said = wenjiuye("decide", path, *ON, "--lang", "en").err
    assert said.startswith("Error: ")
    assert "size (企业规模): 'tiny' is no member" in said
    assert "contract_months (合同期限): -1 is outside the allowed range" in said
    assert "contract_month: no such fact; did you mean contract_months" in said


@pytest.mark.usefixtures("folder")
@pytest.mark.parametrize(
    ("words", "hint"),
    [
        (("explain", "hirng_subsidy", "hire.json", *ON), "hiring_subsidy"),
        (("decide", "hyre.json", *ON), "没有名为“hyre”的对象；是否指 hire？"),
        (("decide", "hyre.json", *ON, "--lang", "en"), "did you mean hire?"),
        (("template", "人个", "-o", "x.xlsx"), "person"),
        (("decyde",), "decide"),
    ],
)
def test_a_slip_of_the_pen_is_answered_with_the_nearest_name(words: tuple[str, ...], hint: str) -> None:
    assert hint in wenjiuye(*words).err


def test_a_mistake_of_ours_is_no_message_but_a_traceback(monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> None:
        raise ValueError("ours")

    monkeypatch.setattr("wenjiuye.cli.looking.policy_with", broken)
    with pytest.raises(AssertionError, match="ours"):
        wenjiuye("measures")
