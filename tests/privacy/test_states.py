"""Restriction, objection, correction, and what officers decide: states with reasons and records."""

from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone

from comments.models import Follower, Lesson, Limitation, Status, VisitorComment
from comments.services import NewComment, change_status, submit_comment
from comments.services.following import follow
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import personal_data_providers
from privacy import reviewing, services
from privacy.errors import NotPossibleError
from privacy.models import DataRequest, Kind, RequestDecision, Restriction, State
from privacy.reasons import Ground
from privacy.tasks import sweep_expired
from tests.privacy.conftest import NORA, STRANGER
from tests.privacy.stand_ins import DyingMailServer, Notes
from tests.privacy.test_comments_journey import OneTarget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]


class Freezable(Notes):
    """Notes that can be restricted, and fail on demand."""

    is_broken = False

    def __init__(self, identifier: str = "test.notes") -> None:
        super().__init__(identifier)
        self.frozen: set[str] = set()

    def restrict(self, keys):
        if self.is_broken:
            raise ValueError(f"no room for {self.rows}")
        self.frozen |= set(keys)
        return len(keys)

    def lift(self, keys):
        self.frozen -= set(keys)
        return len(keys)


@pytest.fixture
def comments(home):
    """A comment of Nora and one of a stranger, seen by everybody."""
    with comment_targets.temporarily(OneTarget()):
        made = [
            submit_comment(
                NewComment(target_id=7, text=f"Words of {name}", author_name=name, author_email=at)
            )
            for name, at in (("Nora", NORA), ("Sten", STRANGER))
        ]
        VisitorComment.objects.update(status=Status.APPROVED)
        yield made


@pytest.fixture
def officer(client, officer_account):
    client.force_login(officer_account)
    return officer_account


def confirmed(person, kind: str) -> DataRequest:
    person.ask(kind)
    person.post("confirm", {"token": person.token()})
    return DataRequest.objects.latest("pk")


def decide(client, request: DataRequest, **data: str):
    return client.post(reverse("data_requests:single", args=[request.pk]), data, follow=True)


def steps(request: DataRequest) -> list[tuple[str, str]]:
    return list(request.decisions.values_list("step", "ground"))


def status(comment: VisitorComment) -> str:
    return VisitorComment.objects.get(pk=comment.pk).status


# Restriction.


def test_restriction_keeps_the_comments_and_shows_them_to_nobody(person, comments):
    request = confirmed(person, "restriction")

    assert (request.state, request.email) == (State.COMPLETE, "")
    assert [status(each) for each in comments] == [Status.TRASH, Status.APPROVED]
    assert VisitorComment.objects.get(pk=comments[0].pk).comment == "Words of Nora"
    told = mail.outbox[-1]
    assert (told.to, told.subject) == ([NORA], "Your data is not used any more")
    assert Restriction.objects.get().email == NORA


def test_person_lifts_it_with_the_link_of_the_mail(person, comments):
    request = confirmed(person, "restriction")
    token = person.token()
    shown = person.post("status", {"token": token}).content.decode()
    assert "Let my data be used again" in shown

    after = person.post("status", {"token": token, "decision": "lift"}).content.decode()

    assert "Let my data be used again" not in after
    assert [status(each) for each in comments] == [Status.APPROVED, Status.APPROVED]
    restriction = Restriction.objects.get()
    assert (bool(restriction.lifted_at), restriction.email) == (True, "")
    assert not any(request.steps.values_list("keys", flat=True))
    assert steps(request) == [("lifted", "")]


def test_it_is_lifted_over_rest_once(person, comments, client):
    confirmed(person, "restriction")
    body = {"token": person.token()}
    lift = "/wp-json/candour/v1/privacy/requests/lift"

    first = client.post(lift, body, content_type="application/json")
    again = client.post(lift, body, content_type="application/json")

    assert (first.status_code, first.json()["is_restricting"]) == (200, False)
    assert (again.status_code, again.json()["code"]) == (400, "candour_not_possible")


def test_officer_lifts_it_and_the_person_is_told_before(person, comments, client, officer):
    request = confirmed(person, "restriction")

    decide(client, request, action="lift")

    assert mail.outbox[-1].to == [NORA]
    assert "ends now" in mail.outbox[-1].body
    assert status(comments[0]) == Status.APPROVED
    assert list(request.decisions.values_list("step", "by")) == [("lifted", officer.pk)]


def test_person_who_cannot_be_told_stays_restricted(person, comments, client, officer, settings):
    request = confirmed(person, "restriction")
    settings.EMAIL_BACKEND = "tests.privacy.stand_ins.DyingMailServer"
    DyingMailServer.dies = OSError("connection refused")

    decide(client, request, action="lift")

    assert status(comments[0]) == Status.TRASH
    assert Restriction.objects.get().lifted_at is None


def test_erasure_ends_a_restriction(person, comments):
    confirmed(person, "restriction")
    confirmed(person, "erasure")

    assert not VisitorComment.objects.filter(user_email=NORA).exists()
    restriction = Restriction.objects.get()
    assert (bool(restriction.lifted_at), restriction.email) == (True, "")


def test_record_of_a_standing_restriction_outlives_its_time(person, comments, settings):
    confirmed(person, "restriction")
    days = settings.PRIVACY_RECORD_DAYS + 2
    with time_machine.travel(timezone.now() + timedelta(days=days), tick=False):
        sweep_expired.call()
        assert DataRequest.objects.exists()
        reviewing.lift_own_restriction(issued(DataRequest.objects.get()))
        sweep_expired.call()

    assert not DataRequest.objects.exists()


def issued(request: DataRequest) -> str:
    return services.issue_token(request, "status", lasts=timedelta(hours=1)).token


def test_provider_that_fails_to_restrict_is_named_and_tried_again(person, commit, caplog):
    good, broken = Freezable("test.a"), Freezable("test.b")
    good.add(NORA), broken.add(NORA)
    broken.is_broken = True
    with personal_data_providers.temporarily(good, broken):
        request = confirmed(person, "restriction")
        assert (request.state, request.reasons) == (State.PARTLY_FAILED, ["failed:test.b"])
        assert good.frozen == {"000001"}
        assert NORA not in caplog.text

        broken.is_broken = False
        with commit():
            services.rerun(request.pk)

        request.refresh_from_db()
        assert (request.state, broken.frozen) == (State.COMPLETE, {"000001"})


# Objection.


def test_objection_that_is_accepted_stops_mails_and_lessons(
    person, comments, client, officer, moderator, commit
):
    with commit():
        change_status([each.pk for each in comments], Status.SPAM, by=moderator)
    follow(7, NORA, is_verified=True)
    request = confirmed(person, "objection")

    decide(client, request, action="answer", text="We have stopped that.")

    request.refresh_from_db()
    assert request.state == State.COMPLETE
    assert list(Lesson.objects.values_list("comment_id", flat=True)) == [comments[1].pk]
    assert Limitation.objects.get().is_objected
    assert Follower.objects.get().ended_at is not None
    assert steps(request) == [("answered", "")]
    assert "We have stopped that." in mail.outbox[-1].body


def test_objection_that_is_refused_says_why_and_where_to_complain(
    person, comments, client, officer
):
    request = confirmed(person, "objection")

    decide(
        client, request, action="answer", text="There is a trial.", is_refusal="on",
        ground=Ground.LEGAL_CLAIMS,
    )  # fmt: skip

    request.refresh_from_db()
    assert (request.state, request.reasons) == (State.REFUSED, ["legal_claims"])
    assert not Limitation.objects.exists()
    body = mail.outbox[-1].body
    assert "The data is needed for legal claims" in body
    assert "There is a trial." in body
    assert "data protection authority" in body
    assert list(request.decisions.values_list("step", "ground", "by")) == [
        ("refused", "legal_claims", officer.pk)
    ]


def test_person_reads_the_refusal_s_ground_in_their_status(person, client, officer):
    person.ask("objection")
    answer = person.post("confirm", {"token": person.token()})
    request = answer.context["data_request"]
    token = answer.context["status_token"].token
    decide(client, request, action="answer", text="No.", is_refusal="on", ground="excessive")

    shown = person.post("status", {"token": token}).content.decode()

    assert "The request is unfounded or excessive." in shown
    assert "complain to the data protection authority" in shown


# Correction.


def test_correction_sets_the_name_under_every_comment_and_is_on_record(
    person, comments, client, officer
):
    request = confirmed(person, "correction")
    page = client.get(reverse("data_requests:single", args=[request.pk])).content.decode()
    assert "Name under comments" in page

    decide(client, request, action="answer", text="Done.", **{"correct-name": "Eleonora"})

    names = list(VisitorComment.objects.order_by("pk").values_list("user_name", flat=True))
    assert names == ["Eleonora", "Sten"]
    request.refresh_from_db()
    decision = request.decisions.get()
    assert (decision.step, decision.fields, decision.by) == ("corrected", ["name"], officer)
    assert "Eleonora" not in str(RequestDecision.objects.values())


def test_value_that_cannot_be_is_refused_with_its_reason(person, comments, client, officer):
    request = confirmed(person, "correction")

    answer = decide(client, request, action="answer", text="Done.", **{"correct-name": "x" * 999})

    request.refresh_from_db()
    assert request.state == State.CONFIRMED
    assert "too long" in answer.content.decode()


# More time.


def test_time_is_extended_once_and_the_person_is_told_why(person, client, officer):
    request = confirmed(person, "correction")
    due = request.due_at

    decide(client, request, action="extend", days="20", ground="complex")
    decide(client, request, action="extend", days="20", ground="complex")

    request.refresh_from_db()
    assert request.due_at == due + timedelta(days=20)
    assert "The request is complex" in mail.outbox[-1].body
    assert [each.subject for each in mail.outbox].count(
        "Your request about your data takes longer"
    ) == 1
    assert steps(request) == [("extended", "complex")]


@pytest.mark.parametrize("days", [0, -3, 61])
def test_time_is_extended_by_no_more_than_the_law_allows(person, officer_account, days):
    request = confirmed(person, "correction")

    with pytest.raises(NotPossibleError):
        reviewing.extend(request.pk, days, ground="complex", by=officer_account)


def test_time_that_is_over_cannot_be_extended(person, officer_account):
    request = confirmed(person, "correction")

    with time_machine.travel(timezone.now() + timedelta(days=16)), pytest.raises(NotPossibleError):
        reviewing.extend(request.pk, 5, ground="complex", by=officer_account)


# Without the mailbox, and for somebody else.

FORM = {
    "kind": "erasure", "email": NORA, "basis": "no_mailbox", "contact": "new@example.org",
    "note": "I wrote about the blue glaze in May.",
}  # fmt: skip


def test_request_without_the_mailbox_waits_for_an_officer(person, notes, client, officer, commit):
    answer = person.post("without_mailbox", FORM)
    assert answer.headers["Location"] == reverse("privacy:sent")
    assert mail.outbox[-1].to == ["new@example.org"]
    assert "examines whether you may ask" in mail.outbox[-1].body

    confirmed_page = person.post("confirm", {"token": person.token()}).content.decode()
    request = DataRequest.objects.get()
    assert "A person examines" in confirmed_page
    assert (request.state, request.awaits_review, len(notes.rows)) == (State.CONFIRMED, True, 3)
    page = client.get(reverse("data_requests:single", args=[request.pk])).content.decode()
    assert "blue glaze" in page
    assert "n***@e***" in page
    assert "new@example.org" not in page

    with commit():
        decide(client, request, action="accept")

    request.refresh_from_db()
    assert (request.state, request.contact, request.note) == (State.COMPLETE, "", "")
    assert len(notes.rows) == 1
    assert mail.outbox[-1].to == ["new@example.org"]
    assert steps(request) == [("accepted", "")]


def test_it_is_refused_with_the_ground_and_nothing_happens(person, notes, client, officer):
    person.post("without_mailbox", FORM)
    person.post("confirm", {"token": person.token()})
    request = DataRequest.objects.get()

    decide(
        client, request, action="answer", text="We cannot tell.", is_refusal="on",
        ground="identity_not_proven",
    )  # fmt: skip

    request.refresh_from_db()
    assert (request.state, request.email, request.contact) == (State.REFUSED, "", "")
    assert mail.outbox[-1].to == ["new@example.org"]
    assert len(notes.rows) == 3


def test_it_neither_joins_nor_stops_what_the_mailbox_itself_asks(person, notes):
    person.post("without_mailbox", FORM | {"kind": "export"})
    person.post("confirm", {"token": person.token()})

    person.ask("export")
    assert mail.outbox[-1].to == [NORA]
    person.post("confirm", {"token": person.token()})

    assert [each.state for each in DataRequest.objects.order_by("pk")] == [
        State.CONFIRMED, State.COMPLETE,
    ]  # fmt: skip


def test_strangers_do_not_use_up_the_mails_of_a_mailbox(person, settings):
    for _ in range(settings.PRIVACY_MAILS_PER_HOUR + 1):
        person.post("without_mailbox", FORM)
    assert {each.to[0] for each in mail.outbox} == {"new@example.org"}
    assert len(mail.outbox) == settings.PRIVACY_MAILS_PER_HOUR

    person.ask("export")

    assert mail.outbox[-1].to == [NORA]


@pytest.mark.parametrize("decision", ["export", "preview"])
def test_it_has_no_copy_made_before_it_is_examined(person, notes, decision):
    person.ask("export")
    person.post("without_mailbox", FORM | {"kind": "erasure"})
    assert mail.outbox[-1].to == ["new@example.org"]

    answer = person.post("confirm_erasure", {"token": person.token(), "decision": decision})

    assert answer.status_code == 410
    assert [each.state for each in DataRequest.objects.all()] == [State.RECEIVED] * 2
    assert mail.outbox[-1].to == ["new@example.org"]


def test_answer_is_the_same_for_every_address_and_authority(person):
    answers = [
        person.post("without_mailbox", FORM | {"email": email, "basis": basis})
        for email in (NORA, "unknown@example.org")
        for basis in ("no_mailbox", "guardian", "estate", "other")
    ]

    assert {(each.status_code, each.headers["Location"]) for each in answers} == {
        (302, reverse("privacy:sent"))
    }


@pytest.mark.parametrize("lacking", ["contact", "note", "email"])
def test_what_is_lacking_is_said(person, lacking):
    answer = person.post("without_mailbox", FORM | {lacking: ""})

    assert answer.status_code == 400
    assert not DataRequest.objects.exists()


def test_guardian_asks_over_rest(client, commit):
    with commit():
        answer = client.post(
            "/wp-json/candour/v1/privacy/requests", FORM | {"basis": "guardian"},
            content_type="application/json",
        )  # fmt: skip
    plain = client.post(
        "/wp-json/candour/v1/privacy/requests", {"kind": "export", "email": NORA},
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 202
    assert answer.json() == plain.json()
    assert DataRequest.objects.earliest("pk").basis == "guardian"


def test_who_asked_for_another_finds_it_in_their_own_export_alone(person, notes):
    person.post("without_mailbox", FORM)
    provider = personal_data_providers.get("privacy.requests")
    about, by = (
        list(provider.export(list(provider.identities(services.subject_of(email)))))
        for email in (NORA, "new@example.org")
    )

    assert "blue glaze" not in str(about)
    assert "new@example.org" not in str(about)
    assert "blue glaze" in str(by)
    assert NORA not in str(by)


def test_officer_opens_a_request_that_came_by_letter(client, officer, notes, commit):
    letter = timezone.localdate() - timedelta(days=4)
    with commit():
        client.post(
            reverse("data_requests:open"),
            {"kind": "erasure", "email": NORA, "basis": "mailbox", "contact": "", "note": "",
             "received_on": letter.isoformat()},
        )  # fmt: skip

    request = DataRequest.objects.get()
    assert request.state == State.COMPLETE
    assert request.received_at.date() == letter
    assert (request.due_at - request.received_at).days == 15
    assert list(request.decisions.values_list("step", "by")) == [("opened", officer.pk)]
    assert mail.outbox[-1].to == [NORA]


def test_note_of_an_opened_request_says_how_it_was_proven(client, officer):
    client.post(
        reverse("data_requests:open"),
        {"kind": "correction", "email": NORA, "basis": "mailbox", "note": "Her card was shown."},
    )

    request = DataRequest.objects.get()
    page = client.get(reverse("data_requests:single", args=[request.pk])).content.decode()
    assert "Her card was shown." in page


def test_desk_of_openings_is_closed_to_others(client, stranger):
    client.force_login(stranger)

    assert client.get(reverse("data_requests:open")).status_code in {302, 403}


# Preview, and exceptions that end.


def test_preview_counts_exactly_and_changes_nothing(person, notes):
    notes.exceptions = lambda keys: notes.erase([key for key in keys if key in notes.kept]).retained
    notes.add(NORA, "an invoice", is_kept=True)
    person.ask("erasure")
    token = person.token()
    before = dict(notes.rows)

    page = person.post("confirm_erasure", {"token": token, "decision": "preview"})

    shown = page.content.decode()
    assert "2 entries would be erased" in shown
    assert "The tax office asks for it" in shown
    assert "Send me a copy first" in shown
    assert notes.rows == before
    person.post("confirm_erasure", {"token": token, "decision": "confirm"})
    request = DataRequest.objects.get()
    assert services.removed_by_provider(request)["test.notes"] == 2


def test_preview_over_rest_is_what_the_erasure_then_does(person, comments, client):
    person.ask("erasure")
    body = {"token": person.token()}
    url = "/wp-json/candour/v1/privacy/requests"

    seen = client.post(f"{url}/preview", body, content_type="application/json").json()

    assert seen["erased"] == 1
    assert [part["provider"] for part in seen["parts"]] == ["comments.comments"]
    assert client.post(f"{url}/confirm", body, content_type="application/json").status_code == 200
    used = client.post(f"{url}/preview", body, content_type="application/json")
    assert used.status_code == 410


def test_what_was_kept_goes_by_itself_when_its_reason_has_ended(person, notes, commit):
    key = notes.add(NORA, "an invoice", is_kept=True)
    request = confirmed(person, "erasure")
    assert request.state == State.COMPLETE_WITH_EXCEPTIONS
    notes.kept.discard(key)

    with time_machine.travel(timezone.now() + timedelta(hours=25)), commit():
        sweep_expired.call()

    request.refresh_from_db()
    assert (request.state, request.reasons) == (State.COMPLETE, ["exceptions_ended"])
    assert key not in notes.rows
    assert services.retained_items(request) == []


def test_what_is_still_to_be_kept_stays(person, notes, commit):
    key = notes.add(NORA, "an invoice", is_kept=True)
    request = confirmed(person, "erasure")

    for days in (1, 2, 3):
        with time_machine.travel(timezone.now() + timedelta(days=days, hours=1)), commit():
            sweep_expired.call()

    request.refresh_from_db()
    assert (request.state, key in notes.rows) == (State.COMPLETE_WITH_EXCEPTIONS, True)
    assert len(services.retained_items(request)) == 1


@pytest.mark.parametrize("kind", ["export", "erasure", "restriction"])
def test_nothing_automatic_waits_for_an_officer(person, kind):
    assert confirmed(person, kind).state in {State.COMPLETE, State.COMPLETE_WITH_EXCEPTIONS}


def test_kinds_of_requests_are_what_they_were():
    assert set(Kind.values) == {"export", "erasure", "correction", "restriction", "objection"}
