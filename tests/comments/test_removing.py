import re
from datetime import timedelta

import pytest
import time_machine
from django.core import mail
from django.urls import reverse
from django.utils import timezone, translation

from comments import errors
from comments.models import Appeal, ModerationAct, Removal, RemovalGround, Status
from comments.services import change_status, removing
from comments.tasks import tell_appeal_decided, tell_removed

pytestmark = pytest.mark.django_db
REASONS = removing.Reasons(
    ground=RemovalGround.CONDUCT, facts="It calls a reader a fool.", rule="Rule 3: be kind"
)


@pytest.fixture
def remove(moderator, commit):
    def remove(comment, reasons=REASONS, **fields):
        with commit():
            return removing.remove_with_reasons(comment.pk, reasons, by=moderator, **fields)

    return remove


@pytest.fixture
def mailed():
    """Return token and code of the newest mail."""

    def mailed():
        body = mail.outbox[-1].body
        return re.search(r"#(\S+)", body)[1], re.search(r"\b\w{4}-\w{4}-\w{4}\b", body)[0]

    return mailed


def test_removal_goes_to_the_trash_as_an_act_and_states_what_the_law_asks_for(
    write, remove, moderator, post
):
    comment = write("A secret phrase.", author_name="Visit evil.example")
    made = remove(comment)
    tell_removed.func(made.pk)

    comment.refresh_from_db()
    act = ModerationAct.objects.get()
    assert (comment.status, act.new_status, act.by) == (Status.TRASH, Status.TRASH, moderator)
    (notice,) = mail.outbox
    html = notice.alternatives[0].content
    for body in (notice.body, html):
        for words in ("rules of conduct", "Rule 3: be kind", "It calls a reader a fool.",
                      "A person decided this", "Nobody had reported", post.title, "court",
                      "certified body"):  # fmt: skip
            assert words in body
        # Whoever typed another's address must not reach them with words of their own.
        assert "secret phrase" not in body
        assert "evil.example" not in body
    made.refresh_from_db()
    assert made.told_at


def test_automatic_and_reported_removals_say_so(write, commit):
    with commit():
        removing.remove_with_reasons(write().pk, REASONS, was_automatic=True, was_reported=True)

    assert "A program of this site decided this" in mail.outbox[0].body
    assert "Somebody had reported" in mail.outbox[0].body


def test_token_and_code_are_at_rest_as_hashes_only(write, remove, mailed):
    made = remove(write())
    made.refresh_from_db()
    token, code = mailed()

    stored = {str(value) for value in vars(made).values()}
    assert token not in stored
    assert code.replace("-", "") not in stored
    assert removing.removal_of(token) == made
    assert removing.removal_of(code.lower()) == made


def test_removal_that_was_undone_is_not_told(write, moderator, django_capture_on_commit_callbacks):
    comment = write()
    with django_capture_on_commit_callbacks():
        made = removing.remove_with_reasons(comment.pk, REASONS, by=moderator)
        change_status([comment.pk], Status.APPROVED, by=moderator)

    tell_removed.func(made.pk)

    assert mail.outbox == []


@pytest.mark.parametrize(
    "reasons",
    [
        removing.Reasons(ground="whim", facts="x"),
        removing.Reasons(ground=RemovalGround.ILLEGAL, facts=" "),
        removing.Reasons(ground=RemovalGround.ILLEGAL, facts="x" * 1001),
        removing.Reasons(ground=RemovalGround.ILLEGAL, facts="x", rule="x" * 301),
    ],
)
def test_reasons_that_nobody_could_answer_to_are_refused(write, reasons):
    comment = write()

    with pytest.raises(errors.RemovalIncompleteError):
        removing.remove_with_reasons(comment.pk, reasons)

    comment.refresh_from_db()
    assert comment.status == Status.HOLD


def test_upheld_appeal_brings_the_comment_back_and_is_answered_once(
    write, remove, mailed, administrator, commit
):
    comment = write()
    remove(comment)
    made = removing.appeal(mailed()[0], "I meant the opposite.")
    with commit():
        removing.decide_appeal(made.pk, is_upheld=True, answer="You are right.", by=administrator)
    tell_appeal_decided.func(made.pk)

    comment.refresh_from_db()
    assert comment.status == Status.APPROVED
    assert comment.is_public
    assert len(mail.outbox) == 2
    assert "the comment is back" in mail.outbox[-1].body
    assert "You are right." in mail.outbox[-1].body
    with pytest.raises(errors.DecidedAlreadyError):
        removing.decide_appeal(made.pk, is_upheld=False, answer="No.", by=administrator)


def test_refused_appeal_leaves_the_comment_and_names_other_ways(
    write, remove, mailed, administrator, commit
):
    comment = write()
    remove(comment)
    made = removing.appeal(mailed()[1], "Please.")
    with commit():
        removing.decide_appeal(made.pk, is_upheld=False, answer="It insults.", by=administrator)

    comment.refresh_from_db()
    assert comment.status == Status.TRASH
    assert "court" in mail.outbox[-1].body
    assert Appeal.objects.get().was_upheld is False


def test_there_is_one_appeal(write, remove, mailed):
    remove(write())
    removing.appeal(mailed()[0], "First.")

    with pytest.raises(errors.AppealedAlreadyError):
        removing.appeal(mailed()[1], "Second.")

    assert Appeal.objects.count() == 1


def test_wrong_empty_and_late_appeals_are_refused(write, remove, mailed, settings):
    remove(write())
    token, _code = mailed()
    for value in ("", "-", "wrong", token[:-1]):
        with pytest.raises(errors.AppealUnknownError):
            removing.appeal(value, "Words.")
    for words in (" ", "x" * 5001):
        with pytest.raises(errors.AppealEmptyError):
            removing.appeal(token, words)
    late = timezone.now() + timedelta(days=settings.COMMENTS_APPEAL_DAYS, minutes=1)
    with time_machine.travel(late, tick=False), pytest.raises(errors.AppealOverError):
        removing.appeal(token, "Words.")

    assert not Appeal.objects.exists()


def test_removal_that_was_never_mailed_has_no_empty_key(write, moderator):
    removing.remove_with_reasons(write().pk, REASONS, by=moderator)

    assert Removal.objects.get().appeal_token_hash == ""
    with pytest.raises(errors.AppealUnknownError):
        removing.removal_of("")


def test_page_takes_an_appeal_by_code_without_script_and_only_by_post(
    write, remove, mailed, visitor
):
    remove(write())
    page = reverse("comment_rights:appeal")
    token, code = mailed()

    assert visitor.get(page, {"token": token, "text": "x"}).status_code == 200
    assert not Appeal.objects.exists()
    answer = visitor.post(page, {"token": "", "code": code, "text": "Please."})

    assert answer.status_code == 200
    assert "no-store" in answer["Cache-Control"]
    assert answer["Referrer-Policy"] == "same-origin"
    assert Appeal.objects.get().text == "Please."


@pytest.mark.parametrize(
    ("posted", "status", "sentence"),
    [
        ({"code": "WRONG", "text": "Kept words."}, 404, "not known"),
        ({"code": "", "text": "Kept words."}, 404, "not known"),
        ({"code": None, "text": ""}, 400, "up to 5,000 characters"),
    ],
)
def test_page_says_what_is_wrong_and_keeps_the_words(
    write, remove, mailed, visitor, posted, status, sentence
):
    remove(write())
    posted["code"] = mailed()[1] if posted["code"] is None else posted["code"]

    answer = visitor.post(reverse("comment_rights:appeal"), posted)

    page = answer.content.decode()
    assert answer.status_code == status
    assert sentence in page
    assert posted["text"] in page


def test_page_refuses_other_sites(write, remove, mailed, visitor):
    remove(write())

    answer = visitor.post(
        reverse("comment_rights:appeal"), {"token": mailed()[0], "text": "x"},
        headers={"Origin": "https://evil.example"},
    )  # fmt: skip

    assert answer.status_code == 403
    assert not Appeal.objects.exists()


def test_rest_takes_an_appeal_from_the_body_only(write, remove, mailed, visitor):
    remove(write())
    token, _code = mailed()
    url = "/wp-json/candour/v1/comments/appeals"

    in_query = visitor.post(f"{url}?token={token}", {"text": "x"}, content_type="application/json")
    taken = visitor.post(url, {"token": token, "text": "x"}, content_type="application/json")
    again = visitor.post(url, {"token": token, "text": "x"}, content_type="application/json")

    assert [answer.status_code for answer in (in_query, taken, again)] == [400, 201, 409]


def test_link_leads_to_the_page_in_the_author_s_language(write, remove):
    comment = write()
    comment.language = "zh-hans"
    comment.save()
    remove(comment)

    with translation.override("zh-hans"):
        assert f"{reverse('comment_rights:appeal')}#" in mail.outbox[0].body
