"""What a message is called must be true of every message of its kind."""

import pytest
from django.utils.translation import override

from mdt.mail.kinds import Kind


@pytest.mark.parametrize(("language", "departed"), [("en", "deviation"), ("zh-hans", "偏离")])
def test_a_report_is_not_called_a_deviation_since_it_may_say_as_decided(language, departed):
    with override(language):
        assert departed not in str(Kind.DEVIATION.label)
