"""A planned meeting with a case on its agenda, and a full room. Models are imported late: they need Django set up."""

import pytest

from tests.remembered import remembered


@pytest.fixture
def meeting(team, coordinator, chair):
    from tests.meetings.builders import plan

    return plan(team, coordinator, chair=chair)


@pytest.fixture
def ready_case(team, coordinator):
    from tests.builders import complete_case, make_case

    return complete_case(make_case(team=team, by=coordinator), coordinator)


@pytest.fixture
@remembered
def item(meeting, ready_case, coordinator):
    from mdt.meetings import actions

    return actions.list_case(meeting=meeting, case=ready_case, by=coordinator)


@pytest.fixture
@remembered
def full_room(meeting, coordinator, chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
    """Everybody whom the quorum needs is present; the chair is the surgeon."""
    from mdt.meetings import actions

    for person in (chair, hepatobiliary, oncologist, radiologist, pathologist, interventionalist):
        actions.mark_attendance(meeting=meeting, person=person, is_present=True, by=coordinator)


@pytest.fixture
def proposal(item):
    return item.case.latest_proposal


@pytest.fixture
def content(proposal, oncologist):
    from tests.meetings.builders import content_for

    return content_for(proposal, oncologist)


@pytest.fixture
@remembered
def decision(item, coordinator, proposal, content, full_room):
    """Recorded, not signed."""
    from mdt.meetings import actions

    return actions.record_decision(item=item, by=coordinator, proposal=proposal, content=content)


@pytest.fixture
@remembered
def signed(decision, chair):
    from mdt.meetings import actions

    actions.sign_decision(decision=decision, by=chair)
    return decision
