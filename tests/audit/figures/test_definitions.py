"""What a page says of how it counts is what docs/audit.md says, word for word."""

import re

from django.conf import settings
from django.utils.translation import override

from mdt.audit.definitions import DEFINITIONS


def test_the_guide_holds_every_definition_word_for_word():
    guide = re.sub(r"\s+", " ", (settings.BASE_DIR / "docs" / "audit.md").read_text(encoding="utf-8"))
    with override("en"):
        missing = [key for key, text in DEFINITIONS.items() if str(text) not in guide]
    assert missing == []
