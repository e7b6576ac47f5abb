import re

import pytest
from django.core import mail
from django.urls import reverse
from django.utils import translation

from comments import errors
from comments.models import IllegalContentReport, Removal, RemovalGround, ReportSubject, Status
from comments.services import delete_comments, removing, reporting
from comments.tasks import acknowledge_report, tell_report_decided

pytestmark = pytest.mark.django_db
REPORTER = "rita@example.net"
REASONS = removing.Reasons(ground=RemovalGround.ILLEGAL, facts="It threatens a person.")


@pytest.fixture
def report(commit):
    def report(comment_id, explanation="It threatens me.", **fields):
        values = {"about": ReportSubject.VIOLENCE, "name": "Rita", "email": REPORTER,
                  "language": "en", "source": "192.0.2.9"}  # fmt: skip
        with commit():
            return reporting.receive_report(
                reporting.NewReport(
                    comment_id=comment_id, explanation=explanation, **{**values, **fields}
                )
            )

    return report


def test_report_is_acknowledged_once_with_its_reference(write, report):
    reference = report(write("Horrid words.").pk)
    made = IllegalContentReport.objects.get()
    acknowledge_report.func(made.pk)

    (receipt,) = mail.outbox
    assert receipt.to == [REPORTER]
    assert reference in receipt.subject
    assert reference in receipt.body
    assert reference in receipt.alternatives[0].content
    # Anybody can type anybody's address: the mail carries nobody's words.
    assert "Horrid" not in receipt.body
    assert "threatens" not in receipt.body
    assert made.acknowledged_at
    assert "192.0.2.9" not in made.source_hash


def test_upheld_report_removes_the_comment_and_tells_both(write, report, moderator, commit):
    comment = write()
    reference = report(comment.pk)
    made = IllegalContentReport.objects.get()
    with commit():
        reporting.decide_report(made.pk, reasons=REASONS, statement="It is a threat.", by=moderator)
    tell_report_decided.func(made.pk)

    comment.refresh_from_db()
    assert comment.status == Status.TRASH
    told = {message.to[0]: message for message in mail.outbox[1:]}
    assert set(told) == {REPORTER, "nora@example.org"}
    assert len(mail.outbox) == 3
    assert "It is a threat." in told[REPORTER].body
    assert reference in told[REPORTER].body
    assert "court" in told[REPORTER].body
    assert "Somebody had reported" in told["nora@example.org"].body
    assert REPORTER not in told["nora@example.org"].body
    assert "Rita" not in told["nora@example.org"].body


def test_refused_report_leaves_the_comment_and_tells_the_reporter(write, report, moderator, commit):
    comment = write()
    report(comment.pk)
    with commit():
        reporting.decide_report(
            IllegalContentReport.objects.get().pk, reasons=None,
            statement="It is an opinion.", by=moderator,
        )  # fmt: skip

    comment.refresh_from_db()
    assert comment.status == Status.HOLD
    assert [message.to for message in mail.outbox] == [[REPORTER], [REPORTER]]
    assert "It is an opinion." in mail.outbox[1].body


def test_report_is_decided_once(write, report, moderator):
    report(write().pk)
    key = IllegalContentReport.objects.get().pk
    reporting.decide_report(key, reasons=None, statement="No.", by=moderator)

    with pytest.raises(errors.DecidedAlreadyError):
        reporting.decide_report(key, reasons=REASONS, statement="Yes.", by=moderator)

    assert not Removal.objects.exists()


def test_decision_needs_its_words_and_a_removal_its_reasons(write, report, moderator):
    report(write().pk)
    key = IllegalContentReport.objects.get().pk

    with pytest.raises(errors.AnswerMissingError):
        reporting.decide_report(key, reasons=None, statement=" ", by=moderator)
    with pytest.raises(errors.RemovalIncompleteError):
        reporting.decide_report(
            key, reasons=removing.Reasons(ground="", facts=""), statement="Yes.", by=moderator
        )
    assert IllegalContentReport.objects.get().decided_at is None


def test_second_report_of_a_removed_comment_does_not_tell_its_author_again(
    write, report, moderator, commit
):
    comment = write()
    report(comment.pk)
    report(comment.pk, "I think so too.", email="other@example.net")
    with commit():
        for made in IllegalContentReport.objects.all():
            reporting.decide_report(made.pk, reasons=REASONS, statement="Yes.", by=moderator)

    assert Removal.objects.count() == 1
    assert [m.to for m in mail.outbox].count(["nora@example.org"]) == 1


def test_report_of_a_comment_that_goes_meanwhile_is_still_decided(write, report, moderator, commit):
    comment = write()
    report(comment.pk)
    delete_comments([comment.pk])
    with commit():
        reporting.decide_report(
            IllegalContentReport.objects.get().pk, reasons=REASONS, statement="Gone.", by=moderator
        )

    assert "Gone." in mail.outbox[-1].body


def test_report_tells_nothing_of_the_comment(write, report):
    shape = r"^\w{4}-\w{4}$"
    for key, source in ((write().pk, "a"), (987_654, "b")):
        assert re.match(shape, report(key, source=source))


def test_same_report_sent_twice_is_one(write, report):
    comment = write()

    assert report(comment.pk) == report(comment.pk)
    assert IllegalContentReport.objects.count() == 1


@pytest.mark.parametrize(
    ("change", "error"),
    [
        ({"explanation": " "}, errors.ReportIncompleteError),
        ({"explanation": "x" * 5001}, errors.ReportIncompleteError),
        ({"about": "boredom"}, errors.ReportIncompleteError),
        ({"name": ""}, errors.ReporterMissingError),
        ({"email": ""}, errors.ReporterMissingError),
        ({"email": "nobody"}, errors.AddressInvalidError),
        ({"name": "x" * 201}, errors.FieldTooLongError),
    ],
)
def test_report_that_cannot_be_decided_is_refused(write, report, change, error):
    key = write().pk

    with pytest.raises(error):
        report(key, **change)

    assert not IllegalContentReport.objects.exists()


def test_report_of_abused_children_may_be_anonymous(write, report):
    report(write().pk, about=ReportSubject.CHILD_ABUSE, name="", email="")

    assert IllegalContentReport.objects.get().email == ""
    assert mail.outbox == []


def test_network_is_limited_and_so_are_mails_to_one_address(write, report, settings):
    settings.COMMENTS_REPORTS_PER_HOUR = 3
    settings.COMMENTS_REPORT_MAILS_PER_HOUR = 2
    key = write().pk
    for number in range(3):
        report(key, f"Reason {number}.")

    with pytest.raises(errors.ReportFloodError):
        report(key, "One more.")
    assert report(key, "From elsewhere.", source="198.51.100.1")
    assert len(mail.outbox) == 2


@pytest.fixture
def form():
    return {"about": ReportSubject.PERSON, "explanation": "Untrue claims.", "name": "Rita",
            "email": REPORTER, "is_honest": "on"}  # fmt: skip


def page_for(key, language="en"):
    with translation.override(language):
        return f"{reverse('comment_rights:report')}?comment={key}"


def test_page_shows_a_public_comment_and_only_the_number_of_another(write, visitor, moderator):
    comment = write("Readable words.")
    hidden = visitor.get(page_for(comment.pk)).content.decode()
    comment.status = Status.APPROVED
    comment.save()
    shown = visitor.get(page_for(comment.pk)).content.decode()

    assert "Readable words." in shown
    assert "Readable words." not in hidden
    assert "Nora" not in hidden
    other = comment.pk + 90_000
    unknown = visitor.get(page_for(other)).content.decode()
    for form in ("number {}", 'value="{}"'):
        unknown = unknown.replace(form.format(other), "N")
        hidden = hidden.replace(form.format(comment.pk), "N")
    assert unknown == hidden


def test_page_takes_a_report_and_names_its_reference(write, visitor, form, commit):
    comment = write()
    with commit():
        answer = visitor.post(page_for(comment.pk), form)

    made = IllegalContentReport.objects.get()
    assert answer.status_code == 200
    assert made.reference in answer.content.decode()
    assert "no-store" in answer["Cache-Control"]
    assert (made.comment, made.name, made.about) == (comment, "Rita", ReportSubject.PERSON)
    assert len(mail.outbox) == 1


@pytest.mark.parametrize(
    ("change", "status", "sentence"),
    [
        ({"explanation": ""}, 400, "Say why you think"),
        ({"email": ""}, 400, "Give your name and a mail address"),
        ({"is_honest": ""}, 400, "Confirm this"),
    ],
)
def test_page_says_what_is_wrong_and_keeps_the_words(
    write, visitor, form, change, status, sentence
):
    answer = visitor.post(page_for(write().pk), {**form, **change})

    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert "Rita" in page
    assert not IllegalContentReport.objects.exists()


def test_page_refuses_other_sites_and_strange_keys(write, visitor, form):
    key = write().pk

    foreign = visitor.post(page_for(key), form, headers={"Origin": "https://evil.example"})

    assert foreign.status_code == 403
    assert visitor.get(page_for("x")).status_code == 404
    assert visitor.get(page_for("9" * 30)).status_code == 404
    assert visitor.get(page_for("9" * 18)).status_code == 200
    assert not IllegalContentReport.objects.exists()


def test_too_many_reports_answer_429(write, visitor, form, settings):
    settings.COMMENTS_REPORTS_PER_HOUR = 1
    page = page_for(write().pk)
    visitor.post(page, form)

    assert visitor.post(page, {**form, "explanation": "More."}).status_code == 429


def test_rest_takes_a_report_from_the_body_only(write, visitor):
    url = "/wp-json/candour/v1/comments/reports"
    body = {"comment": write().pk, "about": "privacy", "explanation": "My address.",
            "name": "Rita", "email": REPORTER}  # fmt: skip

    taken = visitor.post(url, body, content_type="application/json")
    in_query = visitor.post(f"{url}?email=x@y.zz", body, content_type="application/json")
    wrong = visitor.post(url, {**body, "name": ""}, content_type="application/json")

    assert [answer.status_code for answer in (taken, in_query, wrong)] == [202, 400, 400]
    assert taken.json() == {"reference": IllegalContentReport.objects.get().reference}
    assert wrong.json()["code"] == "candour_comment_reporter_required"


def test_every_shown_comment_leads_to_its_report(write, visitor, post):
    comment = write()
    comment.status = Status.APPROVED
    comment.save()

    page = visitor.get(f"/2026/03/01/{post.slug}/").content.decode()

    flag = f"/comments/{comment.pk}/flag/"
    assert f'href="{flag}"' in page
    assert visitor.post(flag, {"reason": "illegal"})["Location"] == (
        f"/comments/report/?comment={comment.pk}"
    )
