from datetime import timedelta

import pytest
import time_machine
from django.db import connection

from comments import errors
from comments.author_tokens import edit_token
from comments.models import DiscussionSettings, Status, VisitorComment
from comments.services import change_status, editing, sanctioning

pytestmark = pytest.mark.django_db


@pytest.fixture
def comment(write):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()
    return write("First words.")


def test_author_changes_a_comment_and_the_earlier_text_is_kept(comment, visitor):
    token = edit_token(comment)[0]

    answer = visitor.patch(
        f"/wp-json/candour/v1/comments/{comment.pk}", {"content": "Better words."},
        content_type="application/json", HTTP_X_CANDOUR_EDIT_TOKEN=token,
    )  # fmt: skip

    assert answer.status_code == 200, answer.text
    comment.refresh_from_db()
    assert "Better words." in comment.rendered
    assert "First words." not in comment.html + comment.rendered
    assert comment.edited_at
    assert [row.text for row in comment.earlier_texts.all()] == ["First words."]


def test_edit_that_is_suspicious_sends_a_visible_comment_back_to_wait(comment):
    links = " ".join(f"https://example{n}.org/" for n in range(4))

    editing.edit_comment(edit_token(comment)[0], links)

    comment.refresh_from_db()
    assert comment.status == Status.HOLD
    assert comment.acts.get().agent == "author"


def test_edit_never_makes_a_waiting_comment_visible(write, home):
    held = write("https://one.example https://two.example https://three.example")
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()

    editing.edit_comment(edit_token(held)[0], "Harmless.")

    held.refresh_from_db()
    assert held.status == Status.HOLD


def test_time_to_change_ends(comment):
    token = edit_token(comment)[0]

    with (
        time_machine.travel(comment.submit_date + timedelta(minutes=15), tick=False),
        pytest.raises(errors.EditClosedError),
    ):
        editing.edit_comment(token, "Too late.")


def test_comment_that_a_moderator_took_away_cannot_be_changed(comment, moderator):
    change_status([comment.pk], Status.SPAM, by=moderator)

    with pytest.raises(errors.EditClosedError):
        editing.edit_comment(edit_token(comment)[0], "Please.")


@pytest.mark.parametrize("token", ["", "wrong", "1:abc:def"])
def test_wrong_token_changes_nothing(comment, visitor, token):
    address = f"/wp-json/candour/v1/comments/{comment.pk}"

    assert visitor.delete(f"{address}?token={token}").status_code in {400, 403, 404}
    assert VisitorComment.objects.get().comment == "First words."


def test_token_of_one_comment_does_not_serve_another(comment, write, visitor):
    other = write("Other words.")

    answer = visitor.delete(
        f"/wp-json/candour/v1/comments/{other.pk}?token={edit_token(comment)[0]}"
    )

    assert answer.status_code == 403
    assert VisitorComment.objects.count() == 2


def test_author_withdraws_and_a_place_stays_where_others_replied(comment, write, visitor):
    write("A reply.", parent_id=comment.pk)

    answer = visitor.delete(
        f"/wp-json/candour/v1/comments/{comment.pk}?token={edit_token(comment)[0]}"
    )

    assert answer.json() == {"deleted": True}
    comment.refresh_from_db()
    assert (comment.comment, comment.user_name, comment.user_email) == ("", "", "")


@pytest.mark.parametrize(
    ("text", "error"),
    [(" \n", errors.TextMissingError), ("x" * 65_526, errors.FieldTooLongError)],
)
def test_empty_or_endless_text_is_refused(comment, text, error):
    with pytest.raises(error):
        editing.edit_comment(edit_token(comment)[0], text)


def test_author_without_scripts_changes_and_withdraws(comment, visitor):
    page = f"/comments/own/{edit_token(comment)[0]}/"
    shown = visitor.get(page)
    assert "First words." in shown.text
    assert shown["Referrer-Policy"] == "same-origin"
    assert "no-store" in shown["Cache-Control"]

    assert visitor.post(page, {"comment": " "}).status_code == 400
    assert "is changed" in visitor.post(page, {"comment": "Second."}).text
    assert "is gone" in visitor.post(page, {"decision": "withdraw"}).text
    assert not VisitorComment.objects.exists()
    assert visitor.get(page).status_code == 404


@pytest.mark.parametrize("kind", ["limit", "ban"])
def test_sanction_is_not_got_round_by_an_edit(comment, kind, moderator, visitor):
    sanctioning.sanction_author(comment.pk, kind=kind, reason="Abuse.", days=9, by=moderator)

    answer = visitor.patch(
        f"/wp-json/candour/v1/comments/{comment.pk}", {"content": "More of it."},
        content_type="application/json", HTTP_X_CANDOUR_EDIT_TOKEN=edit_token(comment)[0],
    )  # fmt: skip

    comment.refresh_from_db()
    if kind == "ban":
        assert (answer.status_code, comment.status) == (403, Status.APPROVED)
        assert "First words." in comment.comment
    else:
        assert (answer.status_code, comment.status) == (200, Status.HOLD)


def test_what_a_moderator_takes_away_meanwhile_is_not_withdrawn(comment):
    token = edit_token(comment)[0]
    rows = VisitorComment.objects.filter(pk=comment.pk)

    def decide_first(execute, sql, *arguments):
        if sql.startswith("SAVEPOINT"):
            # Between the check of the token and the write.
            connection.execute_wrappers.clear()
            rows.update(status=Status.TRASH)
        return execute(sql, *arguments)

    connection.execute_wrappers.append(decide_first)
    try:
        with pytest.raises(errors.EditClosedError):
            editing.withdraw_comment(token)
    finally:
        connection.execute_wrappers.clear()

    assert rows.get().comment


def test_second_thoughts_have_an_end(comment):
    token = edit_token(comment)[0]
    for number in range(30):
        editing.edit_comment(token, f"Words {number}.")

    with pytest.raises(errors.EditClosedError):
        editing.edit_comment(token, "Words once more.")

    assert comment.earlier_texts.count() == 30


def test_front_end_of_another_origin_may_send_the_edit_token(comment, visitor, settings):
    settings.CORS_ALLOWED_ORIGINS = ["https://front.example"]

    answer = visitor.options(
        f"/wp-json/candour/v1/comments/{comment.pk}",
        headers={"origin": "https://front.example", "access-control-request-method": "PATCH",
                 "access-control-request-headers": "content-type,x-candour-edit-token"},
    )  # fmt: skip

    allowed = answer["Access-Control-Allow-Headers"].lower()
    assert {"content-type", "x-candour-edit-token"} <= set(allowed.split(", "))
