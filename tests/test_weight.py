"""What travels is compressed, is the newest, and holds every icon that a page shows; a stranger learns no lengths."""

import gzip
from pathlib import Path

import brotli
import pytest
from django.contrib.staticfiles import finders
from django.http import FileResponse, HttpRequest, HttpResponse
from django.test import RequestFactory

from mdt.compression import CompressPages
from mdt.duties.management.commands.cut_icons import all_icons, kept_icons, used_icons
from mdt.people.templatetags.looks import STATES
from mdt.static_files import StaticFiles, pressed

PAGE = "<p>The same sentence stands here again and again.</p>" * 50


@pytest.fixture
def site(settings, tmp_path: Path) -> StaticFiles:
    """Static files as a hospital serves them: looked for once, with their compressed forms."""
    settings.WHITENOISE_AUTOREFRESH, settings.PRESS_STATIC, settings.PRESSED_DIR = False, True, tmp_path / "pressed"
    return StaticFiles(lambda request: HttpResponse(status=404))


def ask(site: StaticFiles, name: str, accepts: str = "gzip, br") -> tuple[HttpResponse, bytes]:
    answer = site(RequestFactory().get(f"/static/{name}", headers={"Accept-Encoding": accepts}))
    body = b"".join(answer.streaming_content)
    answer.file_to_stream.close()  # all of `close` would ask the database
    return answer, body


@pytest.mark.parametrize(
    "name", ["css/look.css", "css/clinical.css", "icons/icons.css", "vendor/bootstrap/css/bootstrap.min.css"]
)
def test_a_style_sheet_travels_compressed_and_arrives_whole(site, name):
    answer, body = ask(site, name)
    whole = Path(finders.find(name)).read_bytes()
    assert answer["Content-Encoding"] == "br"
    assert "Accept-Encoding" in answer["Vary"]
    assert brotli.decompress(body) == whole
    assert len(body) < len(whole) / 4
    assert gzip.decompress(ask(site, name, "gzip")[1]) == whole


def test_who_accepts_nothing_compressed_gets_the_file_itself(site):
    answer, body = ask(site, "css/look.css", "identity")
    assert not answer.has_header("Content-Encoding")
    assert body == Path(finders.find("css/look.css")).read_bytes()


def test_a_file_that_changed_is_never_sent_in_its_old_form(site, tmp_path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p { color: red }" * 100)
    before = pressed(sheet)["gzip"]
    sheet.write_text("p { color: tan }" * 100)
    after = pressed(sheet)["gzip"]
    assert before != after
    assert gzip.decompress(after.read_bytes()) == sheet.read_bytes()


def test_a_form_is_made_once(site, tmp_path):
    sheet = tmp_path / "sheet.css"
    sheet.write_text("p { color: red }" * 100)
    made = pressed(sheet)["br"].stat().st_mtime_ns
    assert pressed(sheet)["br"].stat().st_mtime_ns == made
    assert {form.suffix for form in pressed(sheet)["br"].parent.iterdir()} >= {".br", ".gzip"}


def compressed(request: HttpRequest, answer: HttpResponse) -> bool:
    request.META["HTTP_ACCEPT_ENCODING"] = "gzip"
    return CompressPages(lambda _request: answer)(request).has_header("Content-Encoding")


@pytest.mark.parametrize(
    ("is_https", "began", "expected"),
    [
        (True, "same-origin", True),
        (True, "none", True),
        (True, "cross-site", False),
        (True, "same-site", False),
        (True, "", False),
        (False, "", True),
    ],
)
def test_a_page_is_compressed_unless_another_site_may_have_asked_for_it(is_https, began, expected):
    headers = {"Sec-Fetch-Site": began} if began else {}
    request = RequestFactory().get("/", secure=is_https, headers=headers)
    assert compressed(request, HttpResponse(PAGE)) is expected


def test_what_is_compressed_inside_stays_as_it_is(tmp_path):
    file = tmp_path / "minutes.pdf"
    file.write_bytes(b"%PDF-1.7" + b" " * 5000)
    with file.open("rb") as opened:
        answer = FileResponse(opened, content_type="application/pdf")
        assert not compressed(RequestFactory().get("/"), answer)


def test_two_answers_of_the_same_page_differ_in_length():
    """Django's own guard: without it a length tells more than it should."""
    lengths = set()
    for _time in range(20):
        request = RequestFactory().get("/", headers={"Accept-Encoding": "gzip"})
        lengths.add(len(CompressPages(lambda _request: HttpResponse(PAGE))(request).content))
    assert len(lengths) > 1


def test_every_icon_that_a_page_may_show_is_in_the_font():
    assert used_icons() <= kept_icons()
    assert {icon for icon, _word in STATES.values()} <= kept_icons()


def test_an_icon_is_found_by_its_class_by_its_bare_name_and_in_a_branch():
    """`translate` stands in markup as a class, `signpost-split-fill` in Python, `bell-fill` after an `if`."""
    assert {"translate", "signpost-split-fill", "circle-half"} <= used_icons()
    assert {"bell-fill", "camera-video-fill", "person-fill-check"} <= used_icons()
    assert len(used_icons()) < len(all_icons()) / 5
