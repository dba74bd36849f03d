"""Words that Chinese surgeons and auditors did not understand stay out of the catalogue: one better word for each."""

import polib
import pytest
from django.conf import settings
from django.urls import reverse
from django.utils.translation import override, pgettext

from mdt.audit.words import code_in_words
from mdt.meetings import actions
from tests.builders import make_case
from tests.meetings.conftest import *  # noqa: F403 - a planned meeting

RETIRED = (
    *("无人谢绝", "录入检查所见", "体系", "无单一建议", "最差一行", "距各分界", "改行其他治疗", "尚不明确", "历次会诊"),
    *("哈希链", "摘要值", "校验值", "在有人说明之前", "偏离会诊意见"),
)
EXCEPT = ("历次会诊意见", "偏离会诊意见须记录")
"""A list of meetings' decisions, and a source's standard about departures: there the word is what is meant."""


@pytest.mark.parametrize("word", RETIRED)
def test_a_retired_word_is_not_in_the_catalogue(word):
    catalogue = polib.pofile(str(settings.BASE_DIR / "locale/zh_Hans/LC_MESSAGES/django.po"))
    texts = [text for entry in catalogue for text in (entry.msgstr, *entry.msgstr_plural.values())]
    for allowed in EXCEPT:
        texts = [text.replace(allowed, "") for text in texts]
    assert [text for text in texts if word in text] == []


def test_the_audit_is_called_quality_control_where_it_is_first_met_and_unknown_by_one_word():
    with override("zh-hans"):
        assert pgettext("page of figures", "Audit") == "质控（审计）"
        assert code_in_words("treatment", "other") == "改行其他处理"


@pytest.mark.django_db
def test_a_case_that_is_not_ready_is_called_so_in_queue_and_meeting(client, meeting, team, coordinator):
    case = make_case(team=team, by=coordinator)
    actions.list_case(meeting=meeting, case=case, by=coordinator, late_reason="The family is here that day.")
    client.force_login(coordinator)
    for url in (reverse("queue"), meeting.get_absolute_url()):
        text = client.get(url).text
        assert "Not ready" in text
        assert "Facts missing" not in text
