"""Keeping texts under nobody's name: a choice made openly, by form, API and command alike."""

import pytest
from django.core import mail
from django.core.management import call_command
from django.urls import reverse

from comments.models import VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import personal_data_providers
from privacy import services
from privacy.models import DataRequest, Kind, State
from privacy.traces import find_traces
from tests.privacy.conftest import NORA
from tests.privacy.stand_ins import Notes
from tests.privacy.test_comments_journey import OneTarget

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("at_once")]
TEXT = "canarytextword"


@pytest.fixture
def comment(home):
    with comment_targets.temporarily(OneTarget()):
        yield submit_comment(
            NewComment(target_id=7, text=TEXT, author_name="Canaryname", author_email=NORA,
                       user_agent="CanaryBrowser/7", ip_address="198.51.100.77")
        )  # fmt: skip


def assert_text_alone_is_left(comment):
    comment.refresh_from_db()
    assert (comment.comment, comment.user_name, comment.user_email) == (TEXT, "", "")
    assert "Anonymous" in comment.html
    mail.outbox.clear()
    assert list(find_traces(["Canaryname", NORA, "CanaryBrowser", "198.51.100.77"])) == []


def test_form_shows_an_unticked_box_with_the_warning(client):
    page = client.get(reverse("privacy:request")).content.decode()

    box = page[page.index('name="keep_text"') - 60 :]
    assert "checked" not in box[: box.index(">")]
    assert "A text may still tell who wrote it" in page
    assert 'aria-describedby="id_keep_text_helptext"' in page
    assert 'id="id_keep_text_helptext"' in page


def test_form_keeps_text_where_the_box_was_ticked_and_says_so_in_every_mail(
    client, person, commit, comment
):
    with commit():
        client.post(
            reverse("privacy:request"), {"kind": "erasure", "email": NORA, "keep_text": "on"}
        )
    assert "A text may still tell who wrote it" in mail.outbox[-1].body
    person.post("confirm_erasure", {"token": person.token(), "decision": "confirm"})

    assert "the text of your comments stays" in mail.outbox[-1].body
    assert_text_alone_is_left(comment)


def test_api_keeps_text_where_it_is_asked_to(client, person, commit, comment):
    with commit():
        client.post(
            "/wp-json/candour/v1/privacy/requests",
            {"kind": "erasure", "email": NORA, "keep_text": True},
            content_type="application/json",
        )
    person.post("confirm_erasure", {"token": person.token(), "decision": "confirm"})

    assert_text_alone_is_left(comment)


def test_command_keeps_text_where_it_is_told_to_and_warns(comment, capsys):
    call_command("personal_data", "erase", NORA, "--keep-text", "--json")

    assert "A text may still tell who wrote it" in capsys.readouterr().err
    assert_text_alone_is_left(comment)


@pytest.mark.parametrize("way", ["form", "api", "command"])
def test_text_goes_unless_somebody_chose_otherwise(way, client, person, commit, comment):
    body = {"kind": "erasure", "email": NORA}
    if way == "command":
        call_command("personal_data", "erase", NORA, "--json")
    else:
        with commit():
            if way == "form":
                client.post(reverse("privacy:request"), body)
            else:
                client.post("/wp-json/candour/v1/privacy/requests", body,
                            content_type="application/json")  # fmt: skip
        assert "A text may still" not in mail.outbox[-1].body
        person.post("confirm_erasure", {"token": person.token(), "decision": "confirm"})

    assert not VisitorComment.objects.exists()


def test_what_no_provider_can_leave_without_its_author_goes():
    notes = Notes()
    notes.add(NORA)
    with personal_data_providers.temporarily(notes, only=True):
        services.run_now(Kind.ERASURE, NORA, "en", keeps_text=True)

    assert notes.rows == {}


def test_stranger_s_choice_is_not_confirmed_with_the_owner_s_mail(person, commit, comment):
    """Somebody else asks first, to keep the text; the owner's own mail erases it."""
    with commit():
        services.receive_request("erasure", NORA, "en", keeps_text=True)
    person.ask("erasure")
    person.post("confirm_erasure", {"token": person.token(), "decision": "confirm"})

    assert not VisitorComment.objects.exists()


def test_choice_made_last_counts_while_nothing_has_begun(person, comment):
    first = services.new_request(Kind.ERASURE, NORA, "en", keeps_text=True)
    first.state = State.CONFIRMED
    first.save()
    person.ask("erasure")
    person.post("confirm_erasure", {"token": person.token(), "decision": "confirm"})

    first.refresh_from_db()
    assert first.keeps_text is False


def test_choice_says_nothing_of_a_copy(commit):
    with commit():
        services.receive_request("export", NORA, "en", keeps_text=True)

    assert not DataRequest.objects.get().keeps_text
