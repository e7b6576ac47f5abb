"""Ending an account: its conditions, what blocks it, the waiting time, and what is left."""

from datetime import timedelta

import pytest
import time_machine
from allauth.account.models import EmailAddress
from django.core import mail
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from wagtail.users.models import UserProfile

from accounts.models import ApplicationPassword, User
from accounts.services import EDITORS, MODERATORS, create_application_password, create_user
from comments.models import IllegalContentReport, ModerationAct, Status, VisitorComment
from comments.services import NewComment, change_status, submit_comment
from comments.services.sanctioning import sanction_author
from core.extensions.commentables import comment_targets
from core.extensions.personal_data import (
    Blocker,
    Condition,
    Subject,
    account_blockers,
    blockers_of,
    personal_data_providers,
)
from privacy import cancellation
from privacy.models import DataRequest, State
from privacy.replay import is_due, replay
from privacy.tasks import sweep_expired
from privacy.traces import find_traces
from tests.privacy.conftest import NORA
from tests.privacy.test_comments_journey import OneTarget

pytestmark = pytest.mark.django_db
PASSWORD = "a-long-pass-4711"
REST = "/wp-json/candour/v1/account/cancellation"


@pytest.fixture
def nora(home):
    """Nora with an account whose mailbox is proven, and a comment."""
    user = create_user(
        username="norauser", email=NORA, password=PASSWORD, display_name="Canaryname",
        description="Canarywords",
    )  # fmt: skip
    EmailAddress.objects.create(user=user, email=NORA, verified=True, primary=True)
    with comment_targets.temporarily(OneTarget()):
        submit_comment(NewComment(target_id=7, text="Words", user=user))
        yield user


@pytest.fixture
def signed_in(client, nora):
    client.force_login(nora)
    return client


@pytest.fixture
def rest(client, nora, commit):
    """Call the route as Nora, with an application password that is not counted against her."""
    row, shown = create_application_password(nora, "a test")
    ApplicationPassword.objects.filter(pk=row.pk).update(name="a test")

    def call(method: str, **body):
        headers = {"Authorization": "Basic " + basic(f"norauser:{shown}")}
        with commit():
            return getattr(client, method)(
                REST, body or "", content_type="application/json", headers=headers
            )

    return call


def basic(text: str) -> str:
    import base64

    return base64.b64encode(text.encode()).decode()


def ask(client, decision: str = "cancel", password: str = PASSWORD):
    return client.post(reverse("cancel-account"), {"decision": decision, "password": password})


@pytest.fixture
def after(commit):
    def run(**later: float) -> None:
        with time_machine.travel(timezone.now() + timedelta(**later), tick=False), commit():
            sweep_expired.call()

    return run


def codes(user) -> set[str]:
    return {each.code for each in blockers_of(cancellation.subject_of_account(user))}


# The page.


def test_page_lists_the_eight_conditions_and_what_would_be_erased(signed_in):
    page = signed_in.get(reverse("cancel-account")).content.decode()

    assert page.count("settled)") == 8
    assert "Get a copy of your data" in page
    assert "Comments" in page
    assert "for 24 hours" in page
    assert 'href="/account/cancel/"' in signed_in.get(reverse("account")).content.decode()


def test_page_is_for_the_owner_alone(client, home):
    answer = client.get(reverse("cancel-account"))

    assert answer.status_code == 302
    assert "/account/login/" in answer.headers["Location"]


def test_account_goes_after_its_waiting_time_and_nothing_names_it(
    signed_in, nora, commit, after, settings
):
    UserProfile.objects.create(user=nora, preferred_language="en")
    with commit():
        ask(signed_in)
    page = signed_in.get(reverse("cancel-account")).content.decode()
    assert "Keep my account" in page
    assert "cancel" in mail.outbox[-1].subject
    after(hours=23)
    assert User.objects.get(pk=nora.pk).email == NORA

    after(hours=24, minutes=5)

    request = DataRequest.objects.get()
    assert (request.state, request.reasons) == (State.COMPLETE, [])
    gone = User.objects.get(pk=nora.pk)
    assert (gone.is_active, gone.has_usable_password(), bool(gone.cancelled_at)) == (
        False, False, True,
    )  # fmt: skip
    assert not EmailAddress.objects.exists()
    assert signed_in.get(reverse("account")).status_code == 302
    assert Client().login(username="norauser", password=PASSWORD) is False
    mail.outbox.clear()
    assert list(find_traces([NORA, "norauser", "Canaryname", "Canarywords"])) == []


def test_receipt_says_that_the_account_is_cancelled(signed_in, commit, settings):
    settings.PRIVACY_GRACE_HOURS = 0
    with commit():
        ask(signed_in)

    assert "Your account is cancelled" in mail.outbox[-1].body


def test_owner_keeps_the_account_while_it_waits(signed_in, nora, commit, after):
    with commit():
        ask(signed_in)
    signed_in.post(reverse("cancel-account"), {"decision": "withdraw"})
    after(hours=30)

    assert User.objects.get(pk=nora.pk).email == NORA
    assert VisitorComment.objects.exclude(comment="").exists()
    assert "Cancel my account" in signed_in.get(reverse("cancel-account")).content.decode()


def test_link_of_the_mail_keeps_the_account(signed_in, nora, person, commit, after):
    with commit():
        ask(signed_in)
    person.post("cancel", {"token": person.token()})
    after(hours=30)

    assert User.objects.get(pk=nora.pk).email == NORA


def test_wrong_password_begins_nothing(signed_in):
    answer = ask(signed_in, password="wrong")

    assert answer.status_code == 400
    assert "not the password" in answer.content.decode()
    assert not DataRequest.objects.exists()


def test_passwords_cannot_be_tried_for_ever(signed_in):
    answers = [ask(signed_in, password=f"wrong {number}") for number in range(14)]

    assert "Too many tries" in answers[-1].content.decode()
    assert "Too many tries" in ask(signed_in).content.decode()
    assert not DataRequest.objects.exists()


def test_address_that_was_never_proven_is_asked_first(signed_in, nora, person, commit, settings):
    """Else an account under somebody's address could erase what they wrote without one."""
    settings.PRIVACY_GRACE_HOURS = 0
    EmailAddress.objects.update(verified=False)
    with commit():
        ask(signed_in)
    assert DataRequest.objects.get().state == State.RECEIVED
    assert "It also cancels the account" in mail.outbox[-1].body
    assert VisitorComment.objects.exclude(comment="").exists()

    person.post("confirm", {"token": person.token()})

    assert bool(User.objects.get(pk=nora.pk).cancelled_at)


def test_erasure_that_waits_becomes_the_cancellation(signed_in, nora, person, commit, after):
    person.ask("erasure")
    person.post("confirm", {"token": person.token()})
    with commit():
        ask(signed_in)

    assert DataRequest.objects.get(state=State.CONFIRMED).cancels_account
    after(hours=25)
    assert bool(User.objects.get(pk=nora.pk).cancelled_at)


def test_account_that_moved_to_another_address_goes_all_the_same(signed_in, nora, commit, after):
    with commit():
        ask(signed_in)
    User.objects.filter(pk=nora.pk).update(email="nora@elsewhere.example")
    after(hours=25)

    assert bool(User.objects.get(pk=nora.pk).cancelled_at)
    assert not VisitorComment.objects.exclude(comment="").exists()


# What blocks.


def test_programs_that_use_the_account_block_and_the_page_says_what_to_do(signed_in, nora):
    create_application_password(nora, "a program")

    page = signed_in.get(reverse("cancel-account")).content.decode()
    answer = ask(signed_in)

    assert "1 program can use the account." in page
    assert reverse("application-passwords") in page
    assert "cannot be cancelled yet" in answer.content.decode()
    assert not DataRequest.objects.exists()


def test_complaints_and_sanctions_block(nora, administrator):
    comment = VisitorComment.objects.get()
    IllegalContentReport.objects.create(
        comment=comment, reference="R-1", explanation="It is.", language="en"
    )
    sanction_author(comment.pk, kind="ban", reason="Rude", days=3, by=administrator)

    assert codes(nora) == {"open_reports", "sanction"}


def test_whoever_runs_the_shop_or_the_site_is_needed(nora, home):
    editor = create_user(
        username="e", email="e@example.org", password="x", groups=[EDITORS], is_staff=True
    )
    only = create_user(username="a", email="a@example.org", password="x", is_superuser=True)

    assert codes(editor) == {"runs_the_shop"}
    assert codes(only) == {"runs_the_shop", "last_administrator"}
    assert codes(nora) == set()


def test_frozen_account_is_blocked(nora):
    User.objects.filter(pk=nora.pk).update(is_active=False)

    assert codes(User.objects.get(pk=nora.pk)) == {"account_frozen"}


def test_blocker_holds_back_the_account_alone_which_goes_by_itself_later(
    signed_in, nora, commit, after
):
    create_application_password(nora, "a program")
    with commit():
        ask(signed_in, "rest")
    after(hours=25)

    request = DataRequest.objects.get()
    kept = User.objects.get(pk=nora.pk)
    assert request.state == State.COMPLETE_WITH_EXCEPTIONS
    assert (kept.email, kept.display_name, kept.cancelled_at) == (NORA, "", None)
    assert not VisitorComment.objects.exclude(comment="").exists()
    assert "1 program can use the account." in mail.outbox[-1].body
    after(hours=60)
    assert User.objects.get(pk=nora.pk).email == NORA

    ApplicationPassword.objects.all().delete()
    after(hours=90)

    request.refresh_from_db()
    assert (request.state, request.reasons) == (State.COMPLETE, ["exceptions_ended"])
    assert bool(User.objects.get(pk=nora.pk).cancelled_at)


def test_blocker_that_fails_stops_the_end_and_not_the_page(signed_in, nora, commit, settings):
    settings.PRIVACY_GRACE_HOURS = 0

    class Broken:
        identifier = "test.broken"

        def blockers(self, subject: Subject):
            raise ValueError(f"no balance of {subject.email}")

    with account_blockers.temporarily(Broken()):
        assert signed_in.get(reverse("cancel-account")).status_code == 200
        with commit():
            ask(signed_in)

    request = DataRequest.objects.get()
    assert (request.state, request.reasons) == (State.PARTLY_FAILED, ["failed:accounts.account"])
    assert User.objects.get(pk=nora.pk).email == NORA


def test_stranger_s_condition_is_listed_with_its_remedy(signed_in):
    class Balance:
        identifier = "test.balance"

        def blockers(self, subject: Subject):
            yield Blocker(
                Condition.ASSETS,
                "balance",
                "There are 3.00 left.",
                "Spend it.",
                "https://x.example/",
            )

    with account_blockers.temporarily(Balance()):
        page = signed_in.get(reverse("cancel-account")).content.decode()

    assert "There are 3.00 left." in page
    assert 'href="https://x.example/"' in page


def test_decisions_of_a_moderator_lose_the_name(nora, commit, settings, after, client):
    settings.PRIVACY_GRACE_HOURS = 0
    user = create_user(
        username="m", email="m@example.org", password=PASSWORD, groups=[MODERATORS], is_staff=True
    )
    EmailAddress.objects.create(user=user, email=user.email, verified=True, primary=True)
    change_status([VisitorComment.objects.get().pk], Status.SPAM, by=user)
    client.force_login(user)
    with commit():
        ask(client)

    assert DataRequest.objects.get().state == State.COMPLETE
    assert list(ModerationAct.objects.values_list("by", flat=True)) == [None]


# Over REST.


def test_route_lists_conditions_and_blockers(rest):
    body = rest("get").json()

    assert [each["condition"] for each in body["conditions"]] == list(Condition)
    assert [each["code"] for each in body["blockers"]] == ["application_passwords"]
    assert (body["is_blocked"], body["pending"]) == (True, None)
    assert body["preview"]["erased"] >= 1


def test_route_refuses_with_the_blockers_and_erases_the_rest_when_asked(rest, nora):
    refused = rest("post", password=PASSWORD)
    assert (refused.status_code, refused.json()["code"]) == (409, "candour_account_blocked")
    assert refused.json()["data"]["blockers"][0]["remedy"]

    begun = rest("post", password=PASSWORD, erase_the_rest=True)

    assert begun.status_code == 202
    assert begun.json()["cancels_account"] is True
    assert begun.json()["begins_at"]
    assert rest("get").json()["pending"]["reference"] == begun.json()["reference"]
    assert rest("delete").json()["state"] == "cancelled"
    assert rest("delete").status_code == 410


def test_route_wants_the_account_s_own_password(rest):
    answer = rest("post", password="wrong", erase_the_rest=True)

    assert (answer.status_code, answer.json()["code"]) == (403, "candour_wrong_password")


def test_route_is_for_owners(client, home):
    assert client.get(REST).status_code == 401
    assert client.post(REST, {"password": "x"}, content_type="application/json").status_code == 401


# After a restore.


def test_account_that_a_backup_brought_back_is_ended_again(signed_in, nora, commit, settings):
    settings.PRIVACY_GRACE_HOURS = 0
    before = User.objects.filter(pk=nora.pk).values().get()
    with commit():
        ask(signed_in)
    restore_from(before)
    assert is_due()

    assert replay().is_whole

    assert not is_due()
    assert bool(User.objects.get(pk=nora.pk).cancelled_at)


def restore_from(row: dict) -> None:
    """Put the database back to where it was before the request, as a restore does."""
    from privacy.models import LedgerEntry

    DataRequest.objects.all().delete()
    LedgerEntry.objects.all().delete()
    User.objects.filter(pk=row["id"]).update(**row)


def test_cancelled_account_is_found_no_more(nora):
    provider = personal_data_providers.get("accounts.account")
    subject = cancellation.subject_of_account(nora)
    (key,) = provider.identities(subject)

    assert provider.erase([key]).removed == 1
    assert provider.erase([key]).removed == 0
    assert list(provider.identities(subject)) == []
