"""Files that people hand in, and officers who take them."""

from __future__ import annotations

import zipfile
from collections.abc import Callable
from io import BytesIO

import pikepdf
from PIL import Image

from wenjiuye.platform.accounts.models import Appointment, User
from wenjiuye.platform.accounts.permissions import Role


def officer(name: str, role: Role, county: str) -> User:
    user = User.objects.create_user(username=name, name=name)
    Appointment.objects.create(user=user, role=role, county=county)
    return user


def pdf_bytes(pages: int = 1, change: Callable[[pikepdf.Pdf], None] | None = None, **saving: object) -> bytes:
    pdf = pikepdf.new()
    for _ in range(pages):
        pdf.add_blank_page()
    if change is not None:
        change(pdf)
    out = BytesIO()
    pdf.save(out, **saving)
    return out.getvalue()


def picture_bytes(
    form: str = "PNG", size: tuple[int, int] = (40, 30), mode: str = "RGB", **saving: object
) -> bytes:
    out = BytesIO()
    Image.new(mode, size, 1 if mode == "1" else "white").save(out, form, **saving)
    return out.getvalue()


def zip_bytes(entries: dict[str, bytes | str], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(out, "w", compression) as archive:
        for name, content in entries.items():
            archive.writestr(name, content)
    return out.getvalue()


def ofd_entries(pages: int = 2) -> dict[str, bytes | str]:
    space = 'xmlns:ofd="http://www.ofdspec.org/2016"'
    listed = "".join(f'<ofd:Page ID="{n}" BaseLoc="Pages/Page_{n}/Content.xml"/>' for n in range(pages))
    return {
        "OFD.xml": f"<ofd:OFD {space}><ofd:DocBody>"
        "<ofd:DocRoot>/Doc_0/Document.xml</ofd:DocRoot></ofd:DocBody></ofd:OFD>",
        "Doc_0/Document.xml": f"<ofd:Document {space}><ofd:Pages>{listed}</ofd:Pages></ofd:Document>",
    }


def workbook_entries() -> dict[str, bytes | str]:
    return {
        "[Content_Types].xml": '<Types><Override PartName="/xl/workbook.xml" ContentType="sheet.main+xml"/></Types>',
        "xl/workbook.xml": "<workbook/>",
        "xl/worksheets/sheet1.xml": "<worksheet/>",
    }
