import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone

from cases.models import Case, Finding, FindingDraft, PsychosocialNote
from mdt.events.models import Event
from mdt.events.verification import verify
from mdt.meetings.models import Decision, Meeting
from mdt.people.models import User
from mdt.privacy.models import ErasureRequest

DOCTORS = "coordinator surgeon hepatobiliary oncologist radiologist pathologist interventional chair outsider"
PEOPLE = f"{DOCTORS} nurse auditor admin privacy"

pytestmark = pytest.mark.django_db


def test_it_shows_every_published_case_in_every_state_and_meetings_past_and_ahead(demo):
    assert Case.objects.count() == 20
    assert all(Case.objects.values_list("citation", flat=True))
    assert set(Case.objects.values_list("state", flat=True)) == {"referred", "listed", "decided", "signed"}
    assert Case.objects.filter(is_ready=True, state="referred").exists()
    assert Case.objects.filter(is_disputed=True).exists()
    gc = Meeting.objects.filter(team__code="gc")
    assert gc.filter(starts_at__lt=timezone.now(), state="held").count() == 2
    assert gc.filter(starts_at__gt=timezone.now(), agenda__isnull=False).exists()
    assert Decision.objects.filter(sign_off__isnull=False).exists()
    assert Decision.objects.filter(dissents__isnull=False).exists()
    assert [Case.objects.filter(is_restricted=True).count(), ErasureRequest.objects.count()] == [1, 1]
    assert PsychosocialNote.objects.get().written_by.username == "nurse"


def test_its_people_sign_in_and_the_outsider_is_of_another_team(demo, client):
    assert {user.username for user in User.objects.all()} == set(PEOPLE.split())
    for name in PEOPLE.split():
        client.post("/sign-in/", {"username": name, "password": "correct-horse-battery"})
        page = client.get("/", follow=True)
        assert page.status_code == 200
        assert page.wsgi_request.user.username == name
        client.post("/sign-out/")
    teams = set(User.objects.get(username="outsider").teams.values_list("code", flat=True))
    assert teams.isdisjoint(User.objects.get(username="chair").teams.values_list("code", flat=True))


def test_its_log_is_whole_and_runs_forward_in_time(demo):
    assert verify().is_whole
    assert not Event.objects.filter(kind="rows-named").exists(), "an action wrote a row without a line"
    times = list(Event.objects.order_by("number").values_list("at", flat=True))
    assert times == sorted(times)
    assert times[-1] <= timezone.now()


def test_it_goes_into_an_empty_installation_only(demo):
    with pytest.raises(CommandError, match="empty installation"):
        call_command("load_demo", verbosity=0)


def test_invented_findings_say_so(demo):
    invented = Finding.objects.filter(impression__startswith="Invented for the demonstration")
    assert invented.exists()
    assert Finding.objects.exclude(pk__in=invented).exists()


def test_a_pasted_report_waits_for_its_reader_and_recorded_facts_quote_another(demo, client):
    words = {
        quotation.words for finding in Finding.objects.exclude(report_text="") for quotation in finding.quotations.all()
    }
    assert {"HER2 IHC 2+", "Segment 5: metastasis, 20 mm"} <= words
    reports = [*Finding.objects.exclude(report_text="").values_list("report_text", flat=True)]
    draft = FindingDraft.objects.get()
    assert all("demonstration" in text or "演示" in text for text in [*reports, *draft.entries["report_text"]])
    client.force_login(draft.author)
    page = client.get(f"/cases/{draft.case.reference}/findings/record/radiology/").content.decode()
    assert page.count('data-how="offered"') >= 4
    assert page.count('data-how="doubtful"') == 1
