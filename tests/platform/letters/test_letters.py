"""What letters say and look like, read back from their PDFs."""

from __future__ import annotations

import datetime as dt
import os
import subprocess
import sys
from dataclasses import replace
from io import BytesIO
from pathlib import Path

import letter_samples as samples
import pdf_text
import pikepdf
import pytest
from letter_samples import LONG_FIRM, MATTER, accepted, correction, granted, many_conditions, refused
from pdf_text import bare

from wenjiuye.platform.evidence.files import sha256
from wenjiuye.platform.letters import typesetting
from wenjiuye.platform.letters.errors import LetterError, UnprintableText
from wenjiuye.platform.letters.kinds import LetterKind, from_json, kind_of, to_json
from wenjiuye.rules.errors import Bilingual

LETTERS = (granted, refused, correction, accepted)
HOSTILE = "张*三 #sys.exit() \" $x$ _a_ \\ `q` <b> @ref // [x] {y} ~ -- 's"


def text_of(data, lang: str = "zh") -> str:
    return pdf_text.whole(typesetting.pdf(data, lang))


def says(data, *words: str, lang: str = "zh") -> None:
    text = text_of(data, lang)
    assert [word for word in words if bare(word) not in text] == []


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", LETTERS)
def test_every_letter_names_its_case_who_writes_and_where_to_ask(make, lang) -> None:
    data = make()
    matter = data.matter
    office, contact = (getattr(text, lang) for text in (matter.office, matter.contact))
    says(data, matter.number, matter.claim, office, contact, matter.officer, lang=lang)
    says(data, "a01.0", getattr(matter.policy, lang), getattr(matter.measure, lang), lang=lang)
    says(data, "2020年12月1日" if lang == "zh" else "1 December 2020", lang=lang)


# ── No text is a command


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", LETTERS)
def test_a_name_full_of_commands_is_printed_as_it_is(make, lang) -> None:
    both = Bilingual(HOSTILE, HOSTILE)
    data = make(matter=replace(MATTER, applicant=HOSTILE, measure=both, office=both, officer=HOSTILE))
    assert text_of(data, lang).count(bare(HOSTILE)) >= 4


def test_conditions_evidence_and_reasons_are_printed_as_they_are() -> None:
    both = Bilingual(HOSTILE, HOSTILE)
    row = replace(many_conditions(False, True, 1)[0], text=both, values=(both,))
    says(refused(reasons=replace(refused().reasons, conditions=(row,)), grounds=(both,)), HOSTILE)
    says(correction(wanted=(samples.Wanted(both, both),), late=both), HOSTILE)
    says(accepted(received=(samples.Received(both, HOSTILE, 1),)), HOSTILE)


def test_a_character_that_the_font_lacks_is_told_and_never_printed_as_a_box() -> None:
    with pytest.raises(UnprintableText, match=r"“😀”（matter\.applicant）"):
        typesetting.pdf(granted(matter=replace(MATTER, applicant="张😀")), "zh")


def test_rare_characters_of_names_can_be_printed() -> None:
    says(granted(matter=replace(MATTER, applicant="㐂𠮷𬱖")), "㐂𠮷𬱖")


def test_a_template_that_fails_says_so(monkeypatch) -> None:
    monkeypatch.setattr(typesetting, "page_of", lambda _, lang: {"lang": lang})
    with pytest.raises(LetterError, match="排版失败"):
        typesetting.pdf(granted(), "zh")


# ── The same bytes, readable in decades and by ear


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", LETTERS)
def test_the_same_data_gives_the_same_bytes(make, lang) -> None:
    assert typesetting.pdf(make(), lang) == typesetting.pdf(make(), lang)


def test_another_process_in_another_time_zone_makes_the_same_bytes() -> None:
    code = (
        "import django, hashlib, letter_samples; django.setup();"
        "from wenjiuye.platform.letters import typesetting;"
        "print(hashlib.sha256(typesetting.pdf(letter_samples.granted(), 'zh')).hexdigest())"
    )
    paths = [str(Path(__file__).parent), *filter(None, sys.path)]
    environment = {
        **os.environ,
        "TZ": "America/New_York",
        "LC_ALL": "C",
        "PYTHONHASHSEED": "7",
        "PYTHONPATH": os.pathsep.join(paths),
        "DJANGO_SETTINGS_MODULE": "wenjiuye.platform.config.settings",
    }
    made = subprocess.run(
        [sys.executable, "-c", code], env=environment, capture_output=True, text=True, check=True
    )
    assert made.stdout.strip() == sha256(typesetting.pdf(granted(), "zh"))


@pytest.mark.parametrize("lang", ["zh", "en"])
@pytest.mark.parametrize("make", LETTERS)
def test_a_letter_is_pdf_a_and_pdf_ua_with_title_language_and_identifier(make, lang) -> None:
    with pikepdf.open(BytesIO(typesetting.pdf(make(), lang))) as pdf:
        with pdf.open_metadata() as metadata:
            assert (metadata["pdfaid:part"], metadata["pdfaid:conformance"]) == ("2", "A")
            assert metadata["pdfuaid:part"] == "1"
            assert metadata["xmpMM:DocumentID"]
        assert pdf.Root.MarkInfo.Marked
        assert pdf.Root.StructTreeRoot.K
        assert str(pdf.Root.Lang).lower() == {"zh": "zh-cn", "en": "en-gb"}[lang]
        assert make().matter.claim in str(pdf.docinfo["/Title"])
        assert str(pdf.docinfo["/CreationDate"]).startswith("D:20201201")
        assert pdf.Root.ViewerPreferences.DisplayDocTitle
        assert len(pdf.trailer.ID) == 2


def test_every_font_is_the_product_s_own_and_inside_the_file() -> None:
    assert {family.partition(" CJK")[0] for family in typesetting._fonts().families()} <= {
        "Noto Sans",
        "Noto Sans Mono",
    }
    with pikepdf.open(BytesIO(typesetting.pdf(granted(), "zh"))) as pdf:
        fonts = [
            thing
            for thing in pdf.objects
            if isinstance(thing, pikepdf.Dictionary) and thing.get("/Type") == "/FontDescriptor"
        ]
        assert {str(font.FontName).partition("+")[2] for font in fonts} == {"NotoSansCJKsc-Regular"}
        assert all("/FontFile3" in font for font in fonts)


# ── Grants


def test_a_grant_shows_the_formula_with_its_numbers_and_the_sum_in_both_kinds_of_figures() -> None:
    says(
        granted(),
        "准予金额 620.50元 单位月实缴社保费 × 较小者（6个月，12个月 − 0个月）",
        "较小者（缴费月数，12个月 − 已享受月数） = 3,723.00 元 人民币叁仟柒佰贰拾叁元整",
        "2020年6月1日至2020年11月30日",
        "合同期限不少于12个月",
    )
    says(granted(), "620.50 yuan", "employer's contributions paid a month", "人民币叁仟柒佰贰拾叁元整",
         "1 June 2020 to 30 November 2020", lang="en")  # fmt: skip


def test_a_grant_shows_only_the_conditions_that_carried_it() -> None:
    text = text_of(granted())
    assert "登记失业月数不少于6个月8个月符合" in text
    assert "不符合" not in text
    assert "高校毕业生：是" not in text


def test_a_grant_below_what_the_formula_allows_says_both_sums() -> None:
    formula = granted().reasons.formula
    assert formula is not None
    most = replace(granted().reasons, formula=replace(formula, ceiling=True))
    says(granted(amount_fen=300_000), "按算式为 3,723.00 元；本决定准予：", "3,000.00 元", "人民币叁仟元整")
    says(granted(amount_fen=300_000, reasons=most), "按算式最高可给 3,723.00 元")
    assert "=3,000" not in text_of(granted(amount_fen=300_000))


def test_a_sum_that_is_the_rule_s_own_is_not_said_twice() -> None:
    text = text_of(granted(reasons=samples.reasons("hiring_subsidy", samples.HIRE), amount_fen=100_000))
    assert (text.count("1,000.00"), "算法" in text) == (1, False)


def test_a_formula_whose_result_is_not_known_is_not_shown_as_if_it_were() -> None:
    formula = granted().reasons.formula
    assert formula is not None
    open_sum = replace(granted().reasons, formula=replace(formula, result_fen=None))
    text = text_of(granted(reasons=open_sum))
    assert ("620.50" in text, "=" in text, "3,723.00元" in text) == (False, False, True)


def test_less_than_a_flat_sum_is_told_beside_the_flat_sum() -> None:
    flat = granted(reasons=samples.reasons("hiring_subsidy", samples.HIRE), amount_fen=80_000)
    says(flat, "按算式为 1,000.00 元；本决定准予： 800.00 元")


def test_what_is_no_sum_is_granted_by_its_name() -> None:
    text = text_of(granted(amount_fen=None, since=None))
    assert "人民币" not in text
    assert "准予享受中小微企业吸纳就业社会保险补贴" in text
    assert "享受期间至2020年11月30日" in text
    assert "享受期间2020年6月1日起" in text_of(granted(until=None))
    assert "享受期间" not in text_of(granted(since=None, until=None))


def test_a_person_is_spoken_to_as_one() -> None:
    person = replace(granted().matter, applicant="张小航", person=True)
    says(granted(matter=person), "张小航：", "您申请的")
    says(granted(), "你单位申请的")


# ── Refusals


def test_a_refusal_says_which_condition_fails_what_the_facts_say_and_what_would_change_it() -> None:
    text = text_of(refused())
    failing, _, rest = text.partition(bare("政策依据"))
    assert bare("没有符合的条件 合同期限不少于12个月 认定的事实：6个月") in failing
    assert "企业规模" not in failing
    assert bare("怎样才能符合 下面这一项符合后，可以重新申请：") in rest
    assert bare("合同期限不少于12个月 现在：6个月") in rest
    assert bare("企业规模为中型、微型或小型 小型 符合") in rest


def test_conditions_in_english_begin_as_sentences_do() -> None:
    says(refused(), "Length of contract is at least 12 months Facts established: 6 months",
         "Length of contract is at least 12 months Now: 6 months", lang="en")  # fmt: skip


def test_branches_that_decided_nothing_are_left_out() -> None:
    text = text_of(refused())
    assert bare("登记失业月数不少于6个月 8个月") in text
    assert bare("高校毕业生：是") not in text


def test_a_refusal_names_both_ways_of_contesting_it_by_the_law_of_its_day() -> None:
    says(
        refused(),
        "自收到本决定书之日起六十日内，可以向许昌市建安区人民政府申请行政复议（《中华人民共和国行政复议法》第九条）",
        "自收到本决定书之日起六个月内，直接向许昌市魏都区人民法院提起行政诉讼（《中华人民共和国行政诉讼法》第四十六条）",
    )
    for day, article in ((dt.date(2023, 12, 31), "第九条"), (dt.date(2024, 1, 1), "第二十条")):
        says(refused(matter=replace(MATTER, date=day)), f"行政复议法》{article}")
    says(refused(matter=replace(MATTER, date=dt.date(2025, 1, 1))), "Law of the People's Republic of China, article 20",
         "the People's Court of Weidu District within six months", lang="en")  # fmt: skip


def test_a_refusal_with_grounds_of_its_own_tells_them() -> None:
    ground = Bilingual("同期已在禹州市享受同一补贴。", "Already paid in Yuzhou.")
    nothing = replace(refused().reasons, conditions=(), changes=())
    says(refused(grounds=(ground,), reasons=nothing), "其他理由", ground.zh)
    says(refused(grounds=(ground,), reasons=nothing), "Other reasons", ground.en, lang="en")
    assert "怎样才能符合" not in text_of(refused(grounds=(ground,), reasons=nothing))


# ── On the way


def test_a_correction_lists_everything_and_the_day() -> None:
    says(correction(), "请在此日期前补齐 2020年12月15日", "1. 劳动合同第二页 上传的扫描件只有第一页",
         "2. 张*三的登记失业证明", "逾期未补 本次申请不再办理")  # fmt: skip


def test_a_receipt_masks_a_person_and_not_a_firm() -> None:
    made = typesetting.pdf(accepted(), "zh")
    assert "张*航" in pdf_text.whole(made)
    assert "张小航" not in pdf_text.whole(made)
    with pikepdf.open(BytesIO(made)) as pdf:
        assert "张小航" not in str(pdf.docinfo["/Title"])
    says(accepted(matter=MATTER), "申请人 禾木家居有限公司")


def test_a_receipt_lists_the_evidence_and_when_it_is_decided() -> None:
    says(
        accepted(),
        "5 个工作日内作出决定，最迟 2020年12月8日。",
        "1 劳动合同 劳动合同扫描件.pdf 4",
        "3 社保缴费明细",
    )
    says(accepted(), "within 5 working days, by 8 December 2020 at the latest", lang="en")


# ── Long


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_a_long_letter_counts_its_pages_and_never_leaves_the_signature_alone(lang) -> None:
    long = granted(
        matter=replace(MATTER, applicant=LONG_FIRM),
        reasons=replace(granted().reasons, conditions=many_conditions()),
    )
    for count in range(1, 31, 3):
        data = replace(long, reasons=replace(long.reasons, conditions=many_conditions(count=count)))
        pages = pdf_text.pages(typesetting.pdf(data, lang))
        here = "第{}页，共{}页" if lang == "zh" else "Page{}of{}"
        assert [here.format(n, len(pages)) in page for n, page in enumerate(pages, 1)] == [True] * len(pages)
        assert all(bare("2b6164789715b23f") in page for page in pages)
        assert ("第四十六条" if lang == "zh" else "article46") in pages[-1]
        assert bare(getattr(MATTER.office, lang)) in pages[-1]
    assert bare(LONG_FIRM) in pages[0]


def test_a_heading_of_a_table_is_repeated_on_every_page() -> None:
    data = granted(reasons=replace(granted().reasons, conditions=many_conditions()))
    pages = pdf_text.pages(typesetting.pdf(data, "zh"))
    assert len(pages) > 2
    assert [page.count("条件认定的事实结论") for page in pages[:-1]] == [1] * (len(pages) - 1)


# ── As data


@pytest.mark.parametrize("make", LETTERS)
def test_what_a_letter_is_made_from_survives_being_written_down(make) -> None:
    data = make()
    assert from_json(kind_of(data), to_json(data)) == data
    assert kind_of(data) == LetterKind(make.__name__)


def test_pictures_are_one_a_page() -> None:
    pictures = typesetting.pngs(granted(), "zh")
    assert [picture[:4] for picture in pictures] == [b"\x89PNG"] * len(
        pdf_text.pages(typesetting.pdf(granted(), "zh"))
    )
