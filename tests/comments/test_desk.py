"""The desk in the admin: who may do what, and the way from a report to an answered appeal."""

import re
from datetime import timedelta

import pytest
from django.contrib.auth.models import Group
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from accounts.services import MODERATORS, OFFICERS, create_user
from comments.models import (
    Appeal,
    IllegalContentReport,
    LegalHold,
    Removal,
    Sanction,
    Status,
    VisitorComment,
)
from comments.scopes import set_scopes
from comments.services import holding, removing, reporting, sanctioning
from pages.models import PostIndexPage
from pages.services.content import make_page

pytestmark = pytest.mark.django_db
REASONS = {"ground": "conduct", "rule": "Be kind", "facts": "It calls a reader a fool."}


def address(name, *args):
    return reverse(f"visitor_comments:{name}", args=args)


@pytest.fixture
def desk(moderator, signed_in):
    return signed_in(moderator)


@pytest.fixture
def officer(home):
    return create_user(username="officer", email="officer@example.org", password="pass",
                       display_name="Olga", groups=[OFFICERS])  # fmt: skip


@pytest.fixture
def narrow(home, signed_in, moderator):
    """A moderator of another part of the site only."""
    elsewhere = make_page(home, PostIndexPage(title="Elsewhere", slug="elsewhere"))
    set_scopes(Group.objects.get(name=MODERATORS).pk, [elsewhere.pk])
    return signed_in(moderator)


@pytest.fixture
def reported(write):
    comment = write("Horrid words.")
    VisitorComment.objects.filter(pk=comment.pk).update(status=Status.APPROVED)
    reporting.receive_report(
        reporting.NewReport(
            comment_id=comment.pk, about="violence", explanation="It threatens me.",
            name="Rita", email="rita@example.net", language="en",
        )
    )  # fmt: skip
    return comment


def everything(comment):
    """Return every address of the desk, by GET and by POST."""
    until = timezone.localdate() + timedelta(days=9)
    hold = LegalHold.objects.create(comment=comment, reason="r", legal_basis="b", until=until)
    sanction = Sanction.objects.create(kind="ban", address="a", reason="r", comment=comment)
    removal = Removal.objects.create(
        comment=comment, ground="conduct", facts="f", appeal_until=timezone.now()
    )
    appeal = Appeal.objects.create(removal=removal, text="Please.")
    report = IllegalContentReport.objects.get()
    return {
        address("remove", comment.pk): REASONS,
        address("sanction", comment.pk): {"kind": "ban", "days": 9, "reason": "r"},
        address("hold", comment.pk): {"reason": "r", "legal_basis": "b", "until": until},
        address("report", report.pk): {"decision": "leave", "statement": "No."},
        address("appeal", appeal.pk): {"decision": "uphold", "answer": "Yes."},
        address("lift", sanction.pk): {},
        address("release", hold.pk): {},
    }


def state():
    return [
        list(table.objects.order_by("pk").values())
        for table in (VisitorComment, LegalHold, Sanction, Removal, Appeal, IllegalContentReport)
    ]


def test_nobody_but_moderators_gets_in_or_changes_anything(reported, signed_in, stranger, editor):
    urls = everything(reported)
    before = state()
    for client in (signed_in(stranger), signed_in(editor)):
        for name in ("desk", "reports", "appeals", "sanctions", "holds"):
            assert client.get(address(name)).status_code in {302, 403}, name
        for url, data in urls.items():
            assert client.post(url, data).status_code in {302, 403}, url

    assert state() == before


def test_nothing_acts_on_get(reported, desk):
    urls = everything(reported)
    before = state()
    for url in urls:
        assert desk.get(url).status_code in {200, 405}, url

    assert state() == before


def test_moderator_of_another_part_sees_and_changes_nothing_here(reported, narrow):
    urls = everything(reported)
    before = state()
    for name in ("reports", "appeals", "sanctions", "holds"):
        page = narrow.get(address(name)).content.decode()
        assert "Nothing here" in page, name
    for url, data in urls.items():
        assert narrow.post(url, data).status_code in {302, 403, 404}, url

    assert state() == before


def test_officer_sees_and_releases_holds_and_nothing_else(reported, signed_in, officer, moderator):
    hold = holding.set_hold(
        reported.pk, reason="A court asks.", legal_basis="b", by=moderator,
        until=timezone.localdate() + timedelta(days=9),
    )  # fmt: skip
    client = signed_in(officer)

    assert client.get(address("desk"))["Location"] == address("holds")
    assert "A court asks." in client.get(address("holds")).content.decode()
    assert client.get(address("reports")).status_code in {302, 403}
    assert client.post(address("hold", reported.pk), {}).status_code in {302, 403}
    client.post(address("release", hold.pk))
    hold.refresh_from_db()
    assert hold.released_at


def test_from_report_to_upheld_appeal(reported, desk, visitor, commit):
    report = IllegalContentReport.objects.get()
    listed = desk.get(address("reports")).content.decode()
    assert report.reference in listed
    page = desk.get(address("report", report.pk)).content.decode()
    assert "It threatens me." in page
    assert "Horrid words." in page
    assert "rita@example.net" not in page

    with commit():
        answer = desk.post(
            address("report", report.pk),
            {"decision": "remove", "statement": "You are right.", **REASONS},
        )
    assert answer["Location"] == address("reports")
    reported.refresh_from_db()
    assert reported.status == Status.TRASH
    told = {message.to[0]: message.body for message in mail.outbox}
    assert "You are right." in told["rita@example.net"]
    assert "Be kind" in told["nora@example.org"]

    token = re.search(r"#(\S+)", told["nora@example.org"])[1]
    visitor.post(reverse("comment_rights:appeal"), {"token": token, "text": "It was a quotation."})
    appeal = Appeal.objects.get()
    page = desk.get(address("appeal", appeal.pk)).content.decode()
    assert "It was a quotation." in page
    assert "You removed this comment yourself" in page
    with commit():
        desk.post(address("appeal", appeal.pk), {"decision": "uphold", "answer": "Indeed."})

    reported.refresh_from_db()
    assert reported.status == Status.APPROVED
    assert mail.outbox[-1].to == ["nora@example.org"]
    assert "Indeed." in mail.outbox[-1].body
    assert "Nothing here" in desk.get(address("appeals")).content.decode()
    done = desk.get(address("appeals"), {"done": "1"}).content.decode()
    assert "The comment is back" in done


@pytest.mark.parametrize(
    ("posted", "sentence"),
    [
        ({"decision": "remove", "statement": "Yes.", "ground": "illegal"}, "Say what is wrong"),
        ({"decision": "leave", "statement": ""}, "Write the answer"),
    ],
)
def test_incomplete_decision_says_what_is_missing(reported, desk, posted, sentence):
    report = IllegalContentReport.objects.get()

    answer = desk.post(address("report", report.pk), posted)

    assert answer.status_code == 400
    assert sentence in answer.content.decode()
    report.refresh_from_db()
    assert report.decided_at is None


def test_decided_report_shows_its_decision_and_no_form(reported, desk, moderator):
    report = IllegalContentReport.objects.get()
    reporting.decide_report(report.pk, reasons=None, statement="An opinion.", by=moderator)

    page = desk.get(address("report", report.pk)).content.decode()

    assert "An opinion." in page
    assert 'name="decision"' not in page
    assert "Left where it was" in desk.get(address("reports"), {"done": "1"}).content.decode()


def test_sanction_is_made_from_a_comment_listed_and_lifted(write, desk, commit):
    comment = write()
    form = desk.get(address("sanction", comment.pk)).content.decode()
    assert "may be another person" in form
    with commit():
        answer = desk.post(
            address("sanction", comment.pk), {"kind": "ban", "days": 30, "reason": "Insults."}
        )
    assert answer["Location"] == address("sanctions")
    made = Sanction.objects.get()
    assert "Insults." in desk.get(address("sanctions")).content.decode()
    assert mail.outbox[0].to == ["nora@example.org"]

    desk.post(address("lift", made.pk))

    made.refresh_from_db()
    assert made.lifted_at
    assert address("lift", made.pk) not in desk.get(address("sanctions")).content.decode()


@pytest.mark.parametrize(
    "posted",
    [
        {"kind": "ban", "days": 30, "reason": ""},
        {"kind": "ban", "days": "", "reason": "r"},
        {"kind": "exile", "days": 30, "reason": "r"},
    ],
)
def test_incomplete_sanction_is_not_made(write, desk, posted):
    assert desk.post(address("sanction", write().pk), posted).status_code == 400
    assert not Sanction.objects.exists()


def test_hold_is_set_listed_and_released(write, desk):
    comment = write()
    until = timezone.localdate() + timedelta(days=40)
    desk.post(address("hold", comment.pk),
              {"reason": "A court asks.", "legal_basis": "Order 7", "until": until})  # fmt: skip
    hold = LegalHold.objects.get()
    assert hold.until == until
    assert "Order 7" in desk.get(address("holds")).content.decode()

    desk.post(address("release", hold.pk))

    hold.refresh_from_db()
    assert hold.released_at


def test_comment_page_leads_to_the_decisions(write, desk):
    key = write().pk

    page = desk.get(address("single", key)).content.decode()

    for name in ("remove", "sanction", "hold"):
        assert address(name, key) in page


def test_comment_is_removed_with_reasons_from_its_page(write, desk, commit):
    comment = write()
    with commit():
        answer = desk.post(address("remove", comment.pk), REASONS)

    assert answer["Location"] == address("single", comment.pk)
    assert Removal.objects.get().facts == REASONS["facts"]
    assert mail.outbox[0].to == ["nora@example.org"]


def test_lists_cost_the_same_however_long_they_are(
    write, desk, django_assert_max_num_queries, moderator
):
    def fill(number):
        comment = write(f"Words {number}.", author_email=f"n{number}@example.org")
        IllegalContentReport.objects.create(comment=comment, reference=number, explanation="x")
        made = removing.remove_with_reasons(
            comment.pk, removing.Reasons(ground="conduct", facts="f"), by=moderator
        )
        Appeal.objects.create(removal=made, text="t")
        sanctioning.sanction_author(comment.pk, kind="warn", reason="r", days=3, by=moderator)
        LegalHold.objects.create(comment=comment, reason="r", legal_basis="b")

    names = ("reports", "appeals", "sanctions", "holds")
    fill(0)
    few = {}
    for name in names:
        with django_assert_max_num_queries(60) as asked:
            desk.get(address(name))
        few[name] = len(asked.captured_queries)
    for number in range(1, 6):
        fill(number)

    for name in names:
        with django_assert_max_num_queries(few[name]):
            assert desk.get(address(name)).status_code == 200
