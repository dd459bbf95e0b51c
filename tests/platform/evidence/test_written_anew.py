"""Pictures and PDFs are written anew: only what is seen stays."""

from __future__ import annotations

from io import BytesIO

import pikepdf
import pytest
from evidence_samples import pdf_bytes, picture_bytes
from pikepdf import Array, Dictionary, Name
from PIL import Image
from PIL.PngImagePlugin import PngInfo

from wenjiuye.platform.evidence import pdfs
from wenjiuye.platform.evidence.errors import RefusedFile
from wenjiuye.platform.evidence.images import resaved

SECRET = "GPS34.0357N"


def test_a_photo_loses_where_it_was_taken_and_stands_upright():
    exif = Image.Exif()
    exif[0x0112] = 6
    exif[0x010E] = SECRET
    data = picture_bytes("JPEG", (40, 30), exif=exif, comment=SECRET, xmp=SECRET.encode())
    assert data.count(SECRET.encode()) == 3
    picture = resaved(data, "JPEG", "a.jpg")
    assert (picture.width, picture.height) == (30, 40)
    assert SECRET.encode() not in picture.data
    with Image.open(BytesIO(picture.data)) as again:
        assert (again.size, dict(again.getexif())) == ((30, 40), {})


def test_a_png_loses_its_texts_and_keeps_its_pixels_and_transparency():
    texts = PngInfo()
    texts.add_text("Author", SECRET)
    image = Image.new("P", (4, 4), 1)
    image.putpalette([0, 0, 0, 200, 10, 10])
    image.putpixel((0, 0), 0)
    out = BytesIO()
    image.save(out, "PNG", pnginfo=texts, transparency=0)
    picture = resaved(out.getvalue(), "PNG", "a.png")
    assert SECRET.encode() not in picture.data
    with Image.open(BytesIO(picture.data)) as again:
        assert again.convert("RGBA").getpixel((0, 0))[3] == 0
        assert again.convert("RGBA").getpixel((1, 1)) == (200, 10, 10, 255)


def test_what_hides_behind_a_picture_is_gone():
    picture = resaved(picture_bytes("JPEG") + b"PK\x03\x04<script>", "JPEG", "a.jpg")
    assert b"<script>" not in picture.data


def test_a_picture_of_print_colours_is_taken():
    assert resaved(picture_bytes("JPEG", mode="CMYK"), "JPEG", "a.jpg").width == 40


def test_a_moving_picture_is_refused():
    frames = [Image.new("RGB", (4, 4), colour) for colour in ("red", "blue")]
    out = BytesIO()
    frames[0].save(out, "PNG", save_all=True, append_images=frames[1:])
    with pytest.raises(RefusedFile, match="动图"):
        resaved(out.getvalue(), "PNG", "a.png")


# ── PDF


def script(code: str = "app.alert(1)") -> Dictionary:
    return Dictionary(S=Name.JavaScript, JS=pikepdf.String(code))


def link(action: Dictionary) -> Dictionary:
    return Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), A=action)


def arm(pdf: pikepdf.Pdf) -> None:
    """Put everything into a PDF that acts."""
    root, page = pdf.Root, pdf.pages[0].obj
    root.OpenAction = script()
    root.AA = Dictionary(WC=script())
    root.Names = Dictionary(
        JavaScript=Dictionary(Names=Array([pikepdf.String("a"), pdf.make_indirect(script())])),
        EmbeddedFiles=Dictionary(Names=Array([])),
    )
    pdf.attachments["virus.exe"] = pikepdf.AttachedFileSpec(pdf, b"MZ-in-the-file", filename="virus.exe")
    root.AcroForm = Dictionary(XFA=pdf.make_stream(b"<xfa-form/>"), Fields=Array([]))
    page.AA = pdf.make_indirect(Dictionary(O=Dictionary(S=Name.URI, URI=pikepdf.String("http://spy.test"))))
    page.Annots = Array(
        [
            pdf.make_indirect(link(Dictionary(S=Name.Launch, F=pikepdf.String("cmd.exe")))),
            link(Dictionary(S=Name.SubmitForm, F=pikepdf.String("http://send.test"))),
            link(Dictionary(S=Name.GoTo, D=Array([]), Next=Array([script("chained")]))),
            link(Dictionary(S=Name.URI, URI=pikepdf.String("http://read.test"))),
            Dictionary(
                Type=Name.Annot,
                Subtype=Name.FileAttachment,
                FS=Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"MZ-in-a-note"))),
            ),
        ]
    )
    page.PieceInfo = Dictionary(
        Any=Dictionary(Type=Name.Filespec, EF=Dictionary(F=pdf.make_stream(b"MZ-in-a-page")))
    )
    pdf.docinfo["/Title"] = "劳动合同"


ARMS = ("JavaScript", "app.alert", "chained", "virus.exe", "MZ-in", "EmbeddedFile", "xfa", "OpenAction", "/AA",
        "Launch", "cmd.exe", "send.test", "spy.test")  # fmt: skip


def plain_text(data: bytes) -> str:
    """Everything in a PDF, unpacked."""
    with pikepdf.open(BytesIO(data)) as pdf:
        out = BytesIO()
        pdf.save(
            out,
            object_stream_mode=pikepdf.ObjectStreamMode.disable,
            stream_decode_level=pikepdf.StreamDecodeLevel.all,
            compress_streams=False,
        )
    return out.getvalue().decode("latin-1")


def test_nothing_that_acts_is_left_in_a_pdf_and_what_is_read_stays():
    armed = pdf_bytes(2, arm)
    before = plain_text(armed)
    assert [word for word in ARMS if word not in before and word.lower() not in before.lower()] == []
    paper = pdfs.resaved(armed, "a.pdf")
    after = plain_text(paper.data)
    assert [word for word in ARMS if word in after] == []
    assert "http://read.test" in after
    with pikepdf.open(BytesIO(paper.data)) as pdf:
        assert (len(pdf.pages), len(pdf.pages[0].obj.Annots)) == (2, 4)
        assert str(pdf.docinfo["/Title"]) == "劳动合同"


def test_fonts_and_pictures_that_happen_to_be_called_like_actions_stay():
    def put(pdf: pikepdf.Pdf) -> None:
        pdf.pages[0].obj.Resources = Dictionary(
            Font=Dictionary({"/AA": Dictionary(Type=Name.Font, BaseFont=Name.Helvetica, Subtype=Name.Type1)}),
            XObject=Dictionary({"/EF": pdf.make_stream(b"q Q", {"/Subtype": Name.Form})}),
        )

    with pikepdf.open(BytesIO(pdfs.resaved(pdf_bytes(1, put), "a.pdf").data)) as pdf:
        resources = pdf.pages[0].obj.Resources
        assert ("/AA" in resources.Font, "/EF" in resources.XObject) == (True, True)


@pytest.mark.parametrize("user", ["secret", ""])
def test_an_encrypted_pdf_is_refused_even_where_everybody_can_open_it(user):
    locked = pdf_bytes(1, encryption=pikepdf.Encryption(owner="owner", user=user))
    with pytest.raises(RefusedFile, match="加了密码"):
        pdfs.resaved(locked, "a.pdf")


def test_a_picture_in_a_pdf_has_a_limit_of_pixels():
    def put(pdf: pikepdf.Pdf) -> None:
        pdf.Root.Big = pdf.make_stream(b"", {"/Subtype": Name.Image, "/Width": 10_000, "/Height": 10_000})

    with pytest.raises(RefusedFile, match="像素过多"):
        pdfs.resaved(pdf_bytes(1, put), "a.pdf")


def test_an_object_nested_without_end_is_refused():
    def put(pdf: pikepdf.Pdf) -> None:
        inner = Array([])
        for _ in range(300):
            inner = Array([inner])
        pdf.Root.Deep = inner

    with pytest.raises(RefusedFile, match="已损坏"):
        pdfs.resaved(pdf_bytes(1, put), "a.pdf")
