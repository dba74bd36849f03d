"""Reports that come as files: what is read is what stands there, and a hostile file costs some seconds at most."""

import subprocess
import sys
from pathlib import Path

import pytest

from classification import load_rulebook
from mdt.reading import files, read_report
from mdt.reading.files import NotReadError, text_of
from tests.reading import documents

FOLDER = Path(files.__file__).parent


def reason(content: bytes) -> str:
    with pytest.raises(NotReadError) as refused:
        text_of(content)
    return refused.value.reason


def mentions(text: str) -> list[tuple[str, object, str]]:
    vocabulary = next(iter(load_rulebook().pathways.values())).pathway.facts
    return [(each.fact, each.value, each.certainty) for each in read_report(text, vocabulary)]


@pytest.mark.parametrize("report", [documents.ENGLISH, documents.CHINESE])
@pytest.mark.parametrize("width", ["21cm", "9cm"])  # in the narrow one every sentence runs over the margin
def test_the_same_facts_are_found_in_a_pdf_as_in_the_pasted_text(report, width):
    read = text_of(documents.pdf_of(report, f"#set page(width: {width}, height: 29cm, margin: 1.5cm)"))
    assert mentions(read.text) == mentions(report) != []
    assert read.is_whole


def test_chinese_stands_as_it_is_written_not_as_radicals_and_pages_stand_in_their_order():
    read = text_of(documents.pdf_of("肝门部见⼈⽅⼤小结节 ﬁve #pagebreak() 未见腹水"))
    assert read.text.replace(" ", "") == "肝门部见人方大小结节five\n\n未见腹水"
    assert read.pages == 2


LEFT = [
    "No ascites, and no thickening or nodule of the", "peritoneum. The spleen is of normal size, and",
    "the pancreas is without a lesion. There are no", "enlarged nodes, neither at the coeliac axis nor",
    "along the lesser curvature of the stomach. No", "thrombus, the portal vein is open throughout.",
]  # fmt: skip
RIGHT = [
    "Metastasis of 3.5 cm in the sixth segment of", "the liver, beside the right hepatic vein. The",
    "other segments are free. Kidneys, bladder and", "prostate are without a lesion, as are bones,",
    "adrenal glands and the bases of both lungs.", "Compared with May, there is no new lesion.",
]  # fmt: skip


def test_two_columns_are_read_one_after_the_other_in_either_order_of_printing():
    rows = [(x, 800 - 14 * n, side[n]) for n in range(6) for x, side in ((50, LEFT), (300, RIGHT))]
    read = text_of(documents.with_content(documents.lines_at(*rows)))
    assert read.text.index("open throughout.") < read.text.index("Metastasis of 3.5 cm")
    assert "of the Metastasis" not in read.text
    typst = text_of(documents.pdf_of(f"#columns(2)[{' '.join(LEFT)} #colbreak() {' '.join(RIGHT)}]"))
    assert typst.text.index("open throughout.") < typst.text.index("Metastasis of 3.5 cm")


LABELS = ["Adrenal metastasis", "Peritoneal metastasis", "Bone metastasis", "Ovarian metastasis", "Ascites"]
CHINESE_LABELS = ["肾上腺转移", "骨转移", "卵巢转移", "腹膜转移", "腹水"]


@pytest.mark.parametrize("columns", ["2", "(1fr, 1fr)", "(5cm, 6cm)"])
@pytest.mark.parametrize(
    ("labels", "result"), [(LABELS, "not identified on this CT"), (CHINESE_LABELS, "未见明显异常征象")]
)
def test_a_table_without_borders_is_not_taken_for_columns_of_text(labels, result, columns):
    cells = ", ".join(f"[{label}], [{result}]" for label in labels)
    read = text_of(documents.pdf_of(f"#table(columns: {columns}, stroke: none, {cells})"))
    assert read.text.split("\n") == [f"{label} {result}" for label in labels]
    assert not [each for each in mentions(read.text) if each[1] is not False]


def test_a_printed_list_of_labels_and_results_stays_rows_also_where_the_labels_are_long():
    labels = [f"{part}, metastasis or any other lesion" for part in ("Adrenal", "Ovary", "Skeleton", "Spleen", "Lungs")]
    rows = [(x, 700 - 14 * n, text) for n in range(5) for x, text in ((50, labels[n]), (260, "not identified"))]
    read = text_of(documents.with_content(documents.lines_at(*rows)))
    assert read.text.split("\n") == [f"{label} not identified" for label in labels]


def test_a_row_of_a_table_stays_a_row_and_is_not_joined_to_the_next():
    table = "#table(columns: 3, [AFP], [12.5], [ng/mL], [CEA], [3.1], [ng/mL], [HER2], [3+], [])"
    assert text_of(documents.pdf_of(table)).text == "AFP 12.5 ng/mL\nCEA 3.1 ng/mL\nHER2 3+"


def test_lines_that_end_by_themselves_stay_lines():
    body = "Liver: one lesion \\ \n Peritoneum: free \\ \n Nodes: none \\ \n 1. S6 \\ \n 2. S8"
    assert text_of(documents.pdf_of(body)).text.count("\n") == 4


def test_a_page_that_is_a_picture_is_counted_and_a_file_of_pictures_is_refused():
    assert reason(documents.pdf_of("#rect(width: 4cm, height: 4cm)")) == "picture"
    read = text_of(documents.pdf_of("No ascites. #pagebreak() #rect(width: 4cm, height: 4cm)"))
    assert (read.pages, read.picture_pages, read.is_whole) == (2, 1, False)


def test_a_raised_figure_is_not_part_of_the_number_before_it_and_does_not_end_the_line():
    typst = text_of(
        documents.pdf_of("CEA 5#super[2] ng/mL, 3 cm#super[2]. AFP 10#super[3] ng/mL \\ HER2 2#sub[3] \\ 12")
    )
    assert typst.text == "CEA 5 2 ng/mL, 3 cm2. AFP 10 3 ng/mL\nHER2 23\n12"
    stream = (
        b"BT /F1 11 Tf 50 700 Td (CEA 5.2) Tj /F1 7 Tf 4 Ts (12) Tj 0 Ts /F1 11 Tf ( ng/mL) Tj 0 -14 Td (12 mm) Tj ET"
    )
    assert text_of(documents.with_content(stream)).text == "CEA 5.2 12 ng/mL\n12 mm"


INVISIBLE = b"BT /F1 9 Tf 3 Tr 1 0 0 1 50 600 Tm (Adrenal metastasis.) Tj 0 Tr ET "


def test_letters_that_nobody_sees_are_left_out_and_counted():
    beside = documents.lines_at((50, 700, "Seen."), (50, 2700, "Ascites."), (-400, 500, "Bone."))
    read = text_of(documents.with_content(INVISIBLE + beside))
    assert (read.text, read.unseen, read.is_whole) == ("Seen.", 18 + 8 + 5, False)
    assert reason(documents.with_content(INVISIBLE)) == "picture"


@pytest.mark.parametrize(("height", "strips", "pictured"), [("24cm", 1, 1), ("6cm", 4, 1), ("8cm", 1, 0)])
def test_a_page_with_a_scan_below_its_letterhead_is_counted(height, strips, pictured):
    png = "(137,80,78,71,13,10,26,10,0,0,0,13,73,72,68,82,0,0,0,1,0,0,0,1,8,0,0,0,0,58,126,155,85,0,0,0,10,73,68,65,84,"
    png += "120,156,99,104,0,0,0,130,0,129,119,205,114,182,0,0,0,0,73,69,78,68,174,66,96,130)"
    page = "#set page(width: 21cm, height: 29cm, margin: 1cm)"
    picture = f'#image(bytes({png}), format: "png", width: 19cm, height: {height}, fit: "stretch")'
    read = text_of(documents.pdf_of(f"St. Mary Hospital {picture * strips}", page))
    assert (read.text, read.pictured_pages, read.picture_pages) == ("St. Mary Hospital", pictured, 0)


def test_signs_for_which_the_file_names_no_letter_are_counted_and_shown():
    font = b"<< /Type /Font /Subtype /Type0 /BaseFont /X /Encoding /Identity-H /DescendantFonts [6 0 R] >>"
    below = (
        b"<< /Type /Font /Subtype /CIDFontType2 /BaseFont /X "
        b"/CIDSystemInfo << /Registry (Adobe) /Ordering (Identity) /Supplement 0 >> >>"
    )
    shown = b"/MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
    page = b"<< /Type /Page /Parent 2 0 R %s >>" % shown
    stream = b"BT /F1 12 Tf 50 700 Td <01200121> Tj ET"
    content = b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream)
    pages = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
    read = text_of(documents.by_hand([b"<< /Type /Catalog /Pages 2 0 R >>", pages, page, content, font, below]))
    assert (read.text, read.unread) == ("\ufffd\ufffd", 2)


@pytest.mark.parametrize(
    ("make", "why"),
    [
        (lambda: b"", "empty"),
        (lambda: b"MZ\x90\x00 a program", "unknown"),
        (lambda: b"%PDF-1.7\n" + b"a" * files.LARGEST_BYTES, "too-large"),
        (lambda: b"%PDF-1.7\nnot one", "broken"),
        (lambda: documents.pdf_of(documents.ENGLISH)[:900], "broken"),
        (documents.locked, "locked"),
        (lambda: documents.with_content(b"BT ET", pages=10_000), "too-many-pages"),
        (
            lambda: documents.with_content(
                documents.lines_at(*[(50, 50 + 60 * n, "ab" * 52) for n in range(12)]), pages=99
            ),
            "too-long",
        ),
        (documents.bomb, "too-hard"),
        (lambda: b"PK\x03\x04 no more", "broken"),
        (lambda: documents.docx_of("", part="xl/workbook.xml"), "unknown"),
        (lambda: documents.docx_of("<w:p>" + " " * (21 * 1024 * 1024) + "</w:p>"), "too-large"),
        (lambda: documents.docx_of("<w:t>&a;</w:t>", '<!DOCTYPE a [<!ENTITY a "aaaa">]>'), "broken"),
        (lambda: documents.docx_of("<w:p>" * 200_000 + "</w:p>" * 200_000), "no-text"),
        (lambda: documents.docx_of("<w:tc>" * 200_000 + "</w:tc>" * 200_000), "no-text"),
        (lambda: documents.docx_of("<w:p/>"), "no-text"),
        (lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 4000, "old-word"),
    ],
)
def test_a_hostile_or_hopeless_file_gets_its_reason(make, why):
    assert reason(make()) == why


def test_a_word_document_is_read_with_its_tables_and_without_what_was_struck_out():
    cells = "".join(f"<w:tc><w:p><w:r><w:t>{text}</w:t></w:r></w:p></w:tc>" for text in ("AFP", "12 ng/mL"))
    row = f"<w:tr>{cells}</w:tr>"
    body = (
        "<w:p><w:r><w:t>未见</w:t></w:r><w:r><w:t>腹水。</w:t></w:r></w:p>"
        f"<w:tbl>{row}</w:tbl><w:p><w:del><w:r><w:delText>cT3</w:delText></w:r></w:del>"
        "<w:ins><w:r><w:t>cT4a</w:t></w:r></w:ins></w:p>"
    )
    assert text_of(documents.docx_of(body)).text.strip() == "未见腹水。\nAFP\t12 ng/mL\ncT4a"


def word(*runs: str) -> str:
    return f"<w:p>{''.join(runs)}</w:p>"


def run(text: str, how: str = "") -> str:
    return f'<w:r><w:rPr>{how}</w:rPr><w:t xml:space="preserve">{text}</w:t></w:r>'


FORMULA = 'xmlns:m="http://schemas.openxmlformats.org/officeDocument/2006/math"'


@pytest.mark.parametrize(
    ("body", "text"),
    [
        (word("<w:r><w:t>2</w:t><w:noBreakHyphen/><w:t>4 cm</w:t></w:r>"), "2-4 cm"),
        (word(run("CEA 5"), run("2", '<w:vertAlign w:val="superscript"/>'), run(" ng/mL")), "CEA 5 2 ng/mL"),
        (word(run("cm"), run("2", '<w:vertAlign w:val="superscript"/>')), "cm2"),
        (word(run("10"), run("-3", '<w:vertAlign w:val="superscript"/>')), "10 -3"),
        (word(run("10"), run("3", '<w:vertAlign w:val="superscript"/>'), run("5")), "10 3 5"),
        (word("<w:moveFrom>", run("cT3"), "</w:moveFrom><w:moveTo>", run("cT4a"), "</w:moveTo>"), "cT4a"),
        (word(run("Bone.", "<w:vanish/>"), run("Lung.", "<w:strike/>"), run("Skin.", "<w:dstrike/>")), ""),
        (word(run("Bone.", '<w:vanish w:val="0"/><w:strike w:val="false"/>')), "Bone."),
        (word("<w:del>", run("cT3"), "</w:del>", run("cT4")), "cT4"),
        (word("<w:r><w:t>There is no</w:t><w:br/><w:t>ascites</w:t></w:r>"), "There is no\nascites"),
        (
            word("<w:r><w:ffData><w:checkBox><w:default w:val='0'/></w:checkBox></w:ffData></w:r>")
            + word("<w:r><w:ffData><w:checkBox><w:checked/></w:checkBox></w:ffData></w:r>"),
            "☐\n☑",
        ),
    ],
)  # fmt: skip
def test_of_a_word_document_what_is_seen_is_read_and_no_figure_changes(body, text):
    read = text_of(documents.docx_of(word(run("A.")) + body))
    assert (read.text.strip(), read.is_whole) == (f"A.\n{text}".strip(), True)


def test_a_symbol_or_formula_of_a_word_document_is_shown_as_unread_and_counted():
    symbol = '<w:r><w:sym w:font="Symbol" w:char="F03C"/></w:r>'
    formula = f"<m:oMath {FORMULA}><m:r><m:t>&lt;</m:t></m:r></m:oMath>"
    read = text_of(documents.docx_of(word(run("diameter "), symbol, run("5 cm, "), formula, run("3 cm"))))
    assert (read.text.strip(), read.unread) == ("diameter \ufffd5 cm, \ufffd3 cm", 2)


def row(*cells: tuple[str, ...]) -> str:
    return "<w:tr>" + "".join(f"<w:tc>{''.join(word(run(p)) for p in cell)}</w:tc>" for cell in cells) + "</w:tr>"


def test_paragraphs_of_a_cell_are_never_one_line():
    report = row(("Findings",), ("No ascites", "Adrenal metastasis", "Liver metastases in segments 6, 7", "8 mm cyst"))
    pairs = row(("Ascites", "Bone metastasis"), ("no", "yes"))
    nested = f"<w:tr><w:tc><w:tbl>{pairs}</w:tbl></w:tc></w:tr>"
    read = text_of(documents.docx_of(f"<w:tbl>{report}{pairs}{nested}{row(('AFP',), ('12',), ('',))}</w:tbl>"))
    assert read.text.strip().split("\n") == [
        "Findings\tNo ascites", "Adrenal metastasis", "Liver metastases in segments 6, 7", "8 mm cyst",
        "Ascites\tno", "Bone metastasis\tyes", "Ascites\tno", "Bone metastasis\tyes", "AFP\t12",
    ]  # fmt: skip


def relations(target: str) -> str:
    kind = "http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"
    return f'<Relationships><Relationship Id="a" Type="{kind}" Target="{target}"/></Relationships>'


@pytest.mark.parametrize("target", ["word/document2.xml", "/word/document2.xml"])
def test_the_main_part_is_the_one_the_package_names(target):
    made = documents.docx_of(word(run("Ascites.")), part="word/document2.xml", relations=relations(target))
    assert text_of(made).text.strip() == "Ascites."


def test_a_word_document_in_the_strict_form_is_read_and_none_says_a_number_of_pages():
    strict = "http://purl.oclc.org/ooxml/wordprocessingml/main"
    read = text_of(documents.docx_of(word(run("Ascites.")), space=strict))
    assert (read.text.strip(), read.pages) == ("Ascites.", None)


def test_a_document_type_is_refused_wherever_it_stands_and_in_any_encoding():
    doctype = '<!DOCTYPE a [<!ENTITY a "Ascites">]>'
    assert reason(documents.docx_of(word(run("&a;")), f"<!--{' ' * 9000}-->{doctype}")) == "broken"
    assert reason(documents.docx_of(word(run("&a;")), doctype, encoding="utf-16")) == "broken"


def test_the_process_can_open_neither_file_nor_connection_and_knows_nothing_of_the_environment():
    code = """
import os, socket, sys
sys.path.insert(0, sys.argv[1])
import child
child.confine()
os.close(0)  # a number that was in use and is free
for attempt in ("open('/etc/passwd')", "socket.socket()", "os.pipe()", "bytearray(2**30)", "os.dup(1)"):
    try:
        eval(attempt)
    except (OSError, MemoryError):
        continue
    sys.exit("it could: " + attempt)
if os.nice(0) < 10:
    sys.exit("it is not nice")
print("the pipes work")
"""
    done = subprocess.run([sys.executable, "-I", "-c", code, FOLDER], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr, done.stdout) == (0, "", "the pipes work\n")


def test_it_is_started_without_the_environment(monkeypatch):
    monkeypatch.setenv("MDT_SECRET_KEY", "never to be told")
    seen = {}

    def run(command, **how):
        seen.update(how)
        return subprocess.CompletedProcess(
            command, 0, b'{"text": "a", "pages": 1, "unread": 0, "picture_pages": 0}', b""
        )

    monkeypatch.setattr(files.subprocess, "run", run)
    text_of(b"%PDF-1.7")
    assert (seen["env"], seen["cwd"]) == ({}, "/")


def test_a_process_that_dies_or_hangs_is_a_reason_and_no_error(monkeypatch):
    def dies(command, **_how):
        return subprocess.CompletedProcess(command, -11, b"", b"segmentation fault")

    def hangs(command, timeout, **_how):
        raise subprocess.TimeoutExpired(command, timeout)

    monkeypatch.setattr(files.subprocess, "run", dies)
    assert reason(b"%PDF-1.7") == "broken"
    monkeypatch.setattr(files.subprocess, "run", hangs)
    assert reason(b"%PDF-1.7") == "too-hard"


def test_no_more_than_two_files_are_read_at_once_and_a_seat_is_given_back(monkeypatch):
    at_once = []

    def run(command, **_how):
        if len(at_once) < files.MOST_AT_ONCE:
            at_once.append(1)
            third = text_of(b"%PDF-1.7") if len(at_once) < files.MOST_AT_ONCE else reason(b"%PDF-1.7")
            at_once.append(third)
        return subprocess.CompletedProcess(command, 0, b'{"text": "a"}', b"")

    monkeypatch.setattr(files.subprocess, "run", run)
    assert text_of(b"%PDF-1.7").text == "a"
    assert "busy" in at_once
    assert text_of(b"%PDF-1.7").text == "a"
    monkeypatch.setattr(
        files.subprocess, "run", lambda command, **_how: subprocess.CompletedProcess(command, 1, b"", b"")
    )
    assert [reason(b"%PDF-1.7") for _time in range(files.MOST_AT_ONCE + 1)] == ["broken"] * (files.MOST_AT_ONCE + 1)


def test_of_a_page_whose_size_stands_above_it_nothing_is_lost_and_a_turned_page_is_read_whole():
    stream = documents.lines_at((50, 820, "Ascites."), (500, 20, "Left lobe."))
    objects = [
        b"<< /Type /Catalog /Pages 2 0 R >>",
        b"<< /Type /Pages /Kids [3 0 R] /Count 1 /MediaBox [0 0 595 842] /Rotate 90 >>",
        b"<< /Type /Page /Parent 2 0 R /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >> >>",
        b"<< /Length %d >>\nstream\n%s\nendstream" % (len(stream), stream),
        b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    read = text_of(documents.by_hand(objects))
    assert (read.text.split("\n"), read.is_whole) == (["Ascites.", "Left lobe."], True)
