"""What is taken in, and what is refused with a sentence that names the file."""

from __future__ import annotations

import stat
import zipfile
from io import BytesIO

import pytest
from django.core.exceptions import PermissionDenied
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import translation
from evidence_samples import ofd_entries, pdf_bytes, picture_bytes, workbook_entries, zip_bytes

from wenjiuye.platform.evidence import archives, files, images, pdfs
from wenjiuye.platform.evidence.errors import RefusedFile
from wenjiuye.platform.evidence.limits import MAX_BYTES, MAX_NAME, MAX_PAGES
from wenjiuye.platform.evidence.models import ScanState, StoredFile
from wenjiuye.platform.evidence.services import take_in

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize(
    ("data", "name", "media_type", "pages", "size"),
    [
        (pdf_bytes(3), "劳动合同.pdf", "application/pdf", 3, (None, None)),
        (picture_bytes("JPEG"), "身份证.JPG", "image/jpeg", None, (40, 30)),
        (picture_bytes("PNG", mode="RGBA"), "截图.png", "image/png", None, (40, 30)),
        (zip_bytes(ofd_entries(4)), "电子发票.ofd", "application/ofd", 4, (None, None)),
        (
            zip_bytes(workbook_entries()),
            "花名册.xlsx",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
            None,
            (None, None),
        ),
    ],
)
def test_the_five_kinds_are_taken_and_described(take, data, name, media_type, pages, size, data_folder):
    stored = take(data, name)
    stored.refresh_from_db()
    kept = files.place(data_folder / "evidence", stored.stored_name).read_bytes()
    assert (stored.name, stored.media_type, stored.pages) == (name, media_type, pages)
    assert (stored.width, stored.height) == size
    assert (stored.sha256_received, stored.sha256) == (files.sha256(data), files.sha256(kept))
    assert (stored.bytes, stored.scan, stored.county) == (len(kept), ScanState.NOT_SCANNED, "jianan")


def test_ofd_and_excel_are_kept_byte_for_byte_because_they_may_be_signed(take):
    for data, name in ((zip_bytes(ofd_entries()), "a.ofd"), (zip_bytes(workbook_entries()), "a.xlsx")):
        stored = take(data, name)
        assert stored.sha256 == stored.sha256_received == files.sha256(data)


def test_a_file_lies_under_a_random_name_that_only_its_owner_can_read(take, data_folder):
    stored = take(pdf_bytes(), "合同.pdf")
    path = files.place(data_folder / "evidence", stored.stored_name)
    assert path.relative_to(data_folder / "evidence").parts == (
        stored.stored_name[:2],
        stored.stored_name[2:4],
        stored.stored_name,
    )
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert take(pdf_bytes(), "合同.pdf").stored_name != stored.stored_name
    assert list((data_folder / "evidence").glob("**/*.new")) == []


def test_an_upload_of_a_request_is_taken_too(clerk):
    upload = SimpleUploadedFile("合同.pdf", pdf_bytes(2))
    assert take_in(upload, upload.name, county="jianan", by=clerk).pages == 2


def test_whoever_may_not_add_evidence_in_the_county_adds_none(elsewhere, data_folder):
    with pytest.raises(PermissionDenied):
        take_in(BytesIO(pdf_bytes()), "合同.pdf", county="jianan", by=elsewhere)
    assert not (data_folder / "evidence").exists()


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("C:\\扫描\\合同.pdf", "合同.pdf"),
        ("../../etc/合同.pdf", "合同.pdf"),
        ("合\u202e同\x00\n.pdf", "合同.pdf"),
        ("长" * 300 + ".pdf", "长" * (MAX_NAME - 4) + ".pdf"),
    ],
)
def test_a_name_keeps_neither_folders_nor_characters_that_cannot_be_seen(take, given, kept):
    assert take(pdf_bytes(), given).name == kept


# ── Refused


def refusal(take, data: bytes, name: str) -> str:
    with pytest.raises(RefusedFile) as problem:
        take(data, name)
    assert StoredFile.objects.of_case().count() == 0
    if name.strip("."):
        assert name in str(problem.value)
    return str(problem.value)


def test_size_is_what_was_read_not_what_the_upload_says(take, clerk):
    class Liar(BytesIO):
        size = 10

    with pytest.raises(RefusedFile, match="超过 20 MB"):
        take_in(Liar(b"%PDF-" + bytes(MAX_BYTES)), "大.pdf", county="jianan", by=clerk)
    assert "空文件" in refusal(take, b"", "空.pdf")
    assert "没有名字" in refusal(take, pdf_bytes(), "..")


@pytest.mark.parametrize(
    ("data", "name", "words"),
    [
        (picture_bytes("PNG"), "a.jpg", "内容是 PNG"),
        (picture_bytes("JPEG"), "a.pdf", "内容是 JPEG"),
        (pdf_bytes(), "a.png", "内容是 PDF"),
        (zip_bytes(ofd_entries()), "a.xlsx", "内容是 OFD"),
        (zip_bytes(workbook_entries()), "a.ofd", "内容是 Excel"),
        (pdf_bytes(), "a", "内容是 PDF"),
        (b"a,b\n1,2\n", "a.csv", "不是可以接收的文件"),
        (b"MZ\x90\x00" + bytes(100), "a.pdf", "不是可以接收的文件"),
        (b"<html><script>1</script></html>", "a.pdf", "不是可以接收的文件"),
        (zip_bytes({"word/document.xml": ""}), "a.docx", "不是可以接收的文件"),
        (zip_bytes({"any.txt": ""}), "a.ofd", "不是可以接收的文件"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), "a.xls", "旧格式或加了密码"),
    ],
)
def test_the_content_says_what_a_file_is_and_the_name_must_agree(take, data, name, words):
    assert words in refusal(take, data, name)


def test_a_refusal_is_said_in_the_language_of_the_request(take):
    with translation.override("zh-hans"):
        assert "请上传 PDF" in refusal(take, b"a,b", "a.csv")


def test_pages_have_a_limit(take):
    assert take(pdf_bytes(MAX_PAGES), "厚.pdf").pages == MAX_PAGES
    with pytest.raises(RefusedFile, match="有 201 页，最多 200 页"):
        take(pdf_bytes(MAX_PAGES + 1), "太厚.pdf")
    with pytest.raises(RefusedFile, match="有 201 页"):
        take(zip_bytes(ofd_entries(MAX_PAGES + 1)), "太厚.ofd")


def test_pixels_have_a_limit_however_small_the_file(take):
    bomb = picture_bytes("PNG", (8000, 8000), "1")
    assert len(bomb) < 30_000
    assert "最多 5000 万像素" in refusal(take, bomb, "bomb.png")
    assert "最多 5000 万像素" in refusal(take, picture_bytes("PNG", (10_000, 10_000), "1"), "bomb.png")
    assert "最多 5000 万像素" in refusal(take, picture_bytes("PNG", (20_000, 20_000), "1"), "bomb.png")


def test_what_is_cut_off_or_garbled_is_refused(take):
    photo, contract = picture_bytes("JPEG", (400, 300)), pdf_bytes(2)
    for data, name in (
        (photo[: len(photo) // 2], "a.jpg"),
        (picture_bytes("PNG", (400, 300))[:-30], "a.png"),
        (contract[:-30], "a.pdf"),
        (contract.replace(b"startxref", b"startxxxx"), "a.pdf"),
        (contract.replace(b"/Pages", b"/Pogos"), "a.pdf"),
        (b"%PDF-1.7\n" + bytes(500), "a.pdf"),
        (zip_bytes(ofd_entries())[:-30], "a.ofd"),
        (b"PK\x03\x04" + bytes(100), "a.xlsx"),
    ):
        assert "已损坏" in refusal(take, data, name)


# ── Zips


def test_a_zip_that_unfolds_too_far_is_refused_although_its_header_says_otherwise(take, monkeypatch):
    monkeypatch.setattr(archives, "MAX_UNFOLDED", 1_000_000)
    bomb = zip_bytes({**ofd_entries(), "Doc_0/Res/image.bin": bytes(2_000_000)})
    assert len(bomb) < 10_000
    assert "解压后过大" in refusal(take, bomb, "bomb.ofd")
    lying = bomb.replace((2_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))
    assert lying != bomb
    refusal(take, lying, "bomb.ofd")


def test_a_zip_of_too_many_entries_is_refused(take, monkeypatch):
    monkeypatch.setattr(archives, "MAX_ENTRIES", 3)
    assert "3 个文件" in refusal(take, zip_bytes({**ofd_entries(), "a": "", "b": ""}), "a.ofd")


@pytest.mark.parametrize("path", ["../../x", "/etc/x", "a\\..\\x", "C:/x", "a/../../x"])
def test_a_zip_whose_paths_lead_out_is_refused(take, path):
    plain = zip_bytes({**ofd_entries(), "z" * len(path): ""})
    assert "之外的路径" in refusal(take, plain.replace(b"z" * len(path), path.encode()), "a.ofd")


def test_a_zip_with_a_link_or_with_one_name_twice_is_refused(take):
    out = BytesIO(zip_bytes(ofd_entries()))
    with zipfile.ZipFile(out, "a") as archive:
        link = zipfile.ZipInfo("link")
        link.external_attr = 0o120777 << 16
        archive.writestr(link, "/etc/passwd")
    assert "之外的路径" in refusal(take, out.getvalue(), "a.ofd")
    twice = zip_bytes({**ofd_entries(), "Doc_0/A.xml": "", "Doc_0/B.xml": ""}).replace(b"Doc_0/B", b"Doc_0/A")
    assert "已损坏" in refusal(take, twice, "a.ofd")


@pytest.mark.parametrize(
    "extra",
    [
        {"xl/vbaProject.bin": b"x"},
        {"xl/macrosheets/sheet1.xml": "x"},
        {"xl/activeX/activeX1.xml": "x"},
        {"xl/embeddings/oleObject1.bin": b"x"},
        {"[Content_Types].xml": "<Types>application/vnd.ms-excel.sheet.macroEnabled.main+xml</Types>"},
        {"[Content_Types].xml": "<Types>sheet.macroEnabled.main+xml</Types>".encode("utf-16")},
    ],
)
def test_a_workbook_that_runs_something_is_refused(take, extra):
    assert "宏" in refusal(take, zip_bytes({**workbook_entries(), **extra}), "a.xlsx")


def test_an_ofd_whose_entities_unfold_is_refused_before_they_do(take):
    for coding in ("utf-8", "utf-16"):
        bomb = '<!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]>' + str(ofd_entries()["OFD.xml"])
        entries = {**ofd_entries(), "OFD.xml": bomb.encode(coding)}
        assert "已损坏" in refusal(take, zip_bytes(entries), "a.ofd")


def test_a_pdf_that_unfolds_too_far_is_refused_before_it_is_parsed(take, monkeypatch):
    monkeypatch.setattr(pdfs, "MAX_UNFOLDED", 1_000_000)
    monkeypatch.setattr(pdfs.pikepdf, "open", None)

    def put(pdf) -> None:
        pdf.Root.Zeros = pdf.make_stream(bytes(2_000_000))

    bomb = pdf_bytes(1, put, compress_streams=True, recompress_flate=True)
    assert len(bomb) < 10_000
    assert "解压后过大" in refusal(take, bomb, "bomb.pdf")


def test_limits_of_pictures_and_decoders_are_the_ones_said() -> None:
    assert images.MAX_PIXELS == pdfs.MAX_PIXELS == 50_000_000
