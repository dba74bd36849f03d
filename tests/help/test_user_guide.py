"""The user guide names buttons and pages in bold: each is what the pages say, in either language."""

import re

import polib
import pytest
from django.conf import settings

CATALOGUE = polib.pofile(str(settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"))


@pytest.mark.parametrize(("guide", "said"), [("user-guide.md", "msgid"), ("user-guide.zh.md", "msgstr")])
def test_what_the_guide_names_stands_on_the_pages(guide, said):
    texts = {getattr(entry, said) for entry in CATALOGUE}
    text = (settings.BASE_DIR / "docs" / guide).read_text(encoding="utf-8")
    named = {name.strip() for name in re.findall(r"\*\*(.+?)\*\*", text)}
    assert len(named) > 15
    assert sorted(named - texts - {"How sure?", "有多确定？"}) == []


@pytest.mark.parametrize("guide", ["user-guide.md", "user-guide.zh.md"])
def test_its_pictures_and_links_are_there(guide):
    folder = settings.BASE_DIR / "docs"
    for link in re.findall(r"\]\(([^)#]+)\)", (folder / guide).read_text(encoding="utf-8")):
        assert (folder / link).exists(), link
