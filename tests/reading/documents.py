"""PDF and DOCX files for tests: real ones by Typst, and hostile ones written by hand."""

import io
import zipfile
import zlib
from collections.abc import Iterable

import pylopdf_fonts_zh_cn as fonts
import typst

ENGLISH = (
    "MRI liver, 18 Nov 2026. Liver metastasis in segment 6, 3.5 cm. Second metastasis in segment 8: 12 mm. "
    "No ascites. Gastric antral tumour, cT4a N2. Adrenal metastasis is suspected."
)
CHINESE = "肝S6段见一转移灶，大小约3.5cm×2.8cm。胃窦癌，cT4aN2。未见腹水。卵巢转移待排。"


def pdf_of(text: str, set_up: str = "") -> bytes:
    """As this product makes them: Typst, Noto Sans SC."""
    source = f'#set text(font: "Noto Sans SC")\n{set_up}\n{text}'
    return typst.compile(source.encode(), font_paths=[fonts.__path__[0]], ignore_system_fonts=True)


def by_hand(objects: Iterable[bytes], trailer: bytes = b"") -> bytes:
    """A PDF of these objects, the first its catalogue."""
    out, places = b"%PDF-1.7\n", []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table = b"".join(b"%010d 00000 n \n" % place for place in places)
    start = b"xref\n0 %d\n0000000000 65535 f \n%s" % (len(places) + 1, table)
    head = b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (len(places) + 1, trailer, len(out))
    return out + start + head


def with_content(stream: bytes, filters: bytes = b"", pages: int = 1, trailer: bytes = b"") -> bytes:
    """Pages that all show the same stream."""
    kids = b" ".join([b"3 0 R"] * pages)
    return by_hand(
        [
            b"<< /Type /Catalog /Pages 2 0 R >>",
            b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, pages),
            b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R "
            b"/Resources << /Font << /F1 5 0 R >> >> >>",
            b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(stream), filters, stream),
            b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        ],
        trailer,
    )


def lines_at(*lines: tuple[int, int, str]) -> bytes:
    """A content stream with words at places, in points."""
    return (
        b"BT /F1 9 Tf " + b"".join(b"1 0 0 1 %d %d Tm (%s) Tj " % (x, y, text.encode()) for x, y, text in lines) + b"ET"
    )


def bomb(times: int = 3) -> bytes:
    """A stream of some kilobytes that unpacks to gigabytes."""
    packer = zlib.compressobj(9)
    block = b"BT /F1 9 Tf (metastasis) Tj ET\n" * 40_000
    stream = b"".join(packer.compress(block) for _ in range(400)) + packer.flush()
    for _ in range(times - 1):
        stream = zlib.compress(stream, 9)
    return with_content(stream, b"/Filter [%s]" % b" ".join([b"/FlateDecode"] * times))


def locked() -> bytes:
    encrypt = b"<< /Filter /Standard /V 1 /R 2 /O <%s> /U <%s> /P -44 >>" % (b"11" * 32, b"22" * 32)
    return with_content(b"BT ET", trailer=b"/Encrypt %s /ID [<33><33>]" % encrypt)


WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"


def docx_of(
    body: str,
    head: str = "",
    part: str = "word/document.xml",
    *,
    relations: str = "",
    space: str = WORD,
    encoding: str = "utf-8",
) -> bytes:
    file = io.BytesIO()
    text = f'<?xml version="1.0" encoding="{encoding}"?>{head}<w:document xmlns:w="{space}"><w:body>{body}</w:body>'
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as parts:
        if relations:
            parts.writestr("_rels/.rels", relations)
        parts.writestr(part, f"{text}</w:document>".encode(encoding))
    return file.getvalue()
