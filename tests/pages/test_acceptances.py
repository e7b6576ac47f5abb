import json
from datetime import timedelta

import pytest
import time_machine
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services import create_application_password, create_user
from comments.models import VisitorComment
from core.extensions.acceptance import Person, acceptance_gate
from core.extensions.personal_data import Subject
from pages.models import AcceptanceSeal, PolicyAcceptance, SealedCommitment
from pages.personal_data import AcceptanceData
from pages.sealing import first_broken_seal, seal_batch
from pages.tasks import seal_acceptances

pytestmark = pytest.mark.django_db
API = "/wp-json/candour/v1/policies/terms"


@pytest.fixture
def member(home):
    return create_user(username="member", email="member@example.org", password="pass")


@pytest.fixture
def as_member(client, member):
    _, password = create_application_password(member, "Test")
    import base64

    token = base64.b64encode(f"member:{password}".encode()).decode()
    client.defaults["HTTP_AUTHORIZATION"] = f"Basic {token}"
    return client


@pytest.fixture
def terms(publish):
    def make(text="Terms one.", **fields):
        values = {"kind": "terms", "title": "Terms", "acceptance": "acceptance",
                  "triggers": ["comment"]}  # fmt: skip
        return publish(text, **{**values, **fields})[1]

    return make


def accept(client, version, **fields):
    body = {"version": version, "action": "accept", "surface": "checkout", **fields}
    return client.post(f"{API}/acceptances", body, content_type="application/json")


def required(trigger, member):
    gate = acceptance_gate.get()
    return [
        each.reference
        for each in gate.required(trigger, locale="en", person=Person(user_id=member.pk))
    ]


def test_accepting_answers_a_receipt_with_the_words_that_were_shown(as_member, terms):
    version = terms()

    answer = accept(as_member, 1)

    assert answer.status_code == 201
    receipt = answer.json()
    assert receipt["schema_version"] == "ISO/IEC TS 27560:2023"
    assert receipt["wording"] == "I agree to “Terms”, version 1."
    assert receipt["privacy_notice"]["version_sha256"] == version.sha256
    assert receipt["collection_method"] == "checkout"
    listed = as_member.get(f"{API}/acceptances").json()
    assert [each["record_id"] for each in listed] == [receipt["record_id"]]


def test_nobody_agrees_without_an_account_or_for_others(client, terms):
    terms()

    assert accept(client, 1).status_code == 401
    assert client.get(f"{API}/acceptances").status_code == 401
    assert not PolicyAcceptance.objects.exists()


@pytest.mark.parametrize(
    ("fields", "status", "code"),
    [
        ({"version": 9}, 409, "policy_version_changed"),
        ({"action": "acknowledge"}, 400, "policy_action_wrong"),
        ({"action": "like"}, 400, "rest_invalid_param"),
        ({"locale": "zh-hans"}, 400, "candour_policy_locale_unknown"),
        ({"surface": "<b>"}, 400, "rest_invalid_param"),
    ],
)
def test_what_was_not_offered_cannot_be_accepted(as_member, terms, fields, status, code):
    terms()

    answer = accept(as_member, **{"version": 1, **fields})

    assert (answer.status_code, answer.json()["code"]) == (status, code)
    assert not PolicyAcceptance.objects.exists()


def test_superseded_version_cannot_be_accepted_and_an_announced_one_can(as_member, terms):
    terms()
    terms("Terms two.")
    terms("Terms three.", effective_at=timezone.now() + timedelta(days=9))

    assert accept(as_member, 1).status_code == 409
    assert accept(as_member, 2).status_code == 201
    assert accept(as_member, 3).status_code == 201


def test_privacy_notice_is_taken_note_of_and_never_accepted(as_member, publish):
    publish("Notice.", title="Terms", acceptance="acknowledgement")

    assert accept(as_member, 1).json()["code"] == "policy_action_wrong"
    answer = accept(as_member, 1, action="acknowledge")
    assert answer.json()["event_type"] == "notice_acknowledged"


def test_trigger_is_settled_by_agreeing_and_open_again_by_withdrawing(as_member, member, terms):
    terms()
    assert required("comment", member) == ["terms@1"]

    accept(as_member, 1)
    assert required("comment", member) == []

    accept(as_member, 1, action="withdraw")
    assert required("comment", member) == ["terms@1"]


def test_correction_asks_nobody_again(as_member, member, terms):
    terms("We anwser soon.")
    accept(as_member, 1)

    terms("We answer soon.", is_correction=True)

    assert required("comment", member) == []


def test_who_did_not_accept_fewer_rights_keeps_what_they_had(as_member, member, terms, settings):
    settings.POLICIES_NOTICE_DAYS = 0
    terms()
    accept(as_member, 1)
    later = timezone.now() + timedelta(minutes=5)
    page_fields = {"reduces_rights": True, "effective_at": later}
    version = terms("Terms two.", triggers=["comment", "checkout"], **page_fields)
    with time_machine.travel(later + timedelta(seconds=1), tick=False):
        assert version.document.in_force() == version
        assert required("comment", member) == []
        found = as_member.get(f"{API}/in-force?subject=me").json()
        assert found["number"] == 1
        assert found["subject"] == {"accepted": False, "in_force": 2, "refused_functions": []}
        accept(as_member, 2)
        found = as_member.get(f"{API}/in-force?subject=me").json()
        assert found["number"] == 2
        assert found["subject"]["accepted"]


def test_only_functions_that_are_new_are_refused(as_member, member, terms, settings, home):
    from pages.models import PolicyPage

    settings.POLICIES_NOTICE_DAYS = 0
    terms()
    accept(as_member, 1)
    page = PolicyPage.objects.get()
    page.body = page.body.stream_block.normalize(
        [("clause", {"heading": "", "level": "2", "text": "<p>Two.</p>"})]
    )
    later = timezone.now() + timedelta(minutes=5)
    page.reduces_rights, page.new_functions = True, ["checkout"]
    page.triggers, page.effective_at = ["comment", "checkout"], later
    page.save_revision().publish()

    with time_machine.travel(later + timedelta(seconds=1), tick=False):
        assert required("comment", member) == []
        assert required("checkout", member) == ["terms@2"]
        found = as_member.get(f"{API}/in-force?subject=me").json()
        assert found["subject"]["refused_functions"] == ["checkout"]


def test_own_version_in_force_needs_an_account(client, terms):
    terms()

    assert client.get(f"{API}/in-force?subject=me").status_code == 401


def test_moment_before_a_later_version_was_published_shows_what_was_known(client, terms):
    terms()
    between = timezone.now()
    terms("Terms two.", effective_at=None)

    answer = client.get(f"{API}/in-force", {"at": between.isoformat()})

    assert answer.json()["number"] == 1


# Comments


def comment(client, post, **fields):
    body = {"post": post.pk, "content": "Good.", "author_name": "Ann",
            "author_email": "ann@example.org", **fields}  # fmt: skip
    return client.post("/wp-json/wp/v2/comments", body, content_type="application/json")


def test_comment_without_the_needed_agreement_is_refused_and_says_where(client, terms, post):
    terms()

    answer = comment(client, post)

    assert answer.status_code == 403
    assert answer.json()["code"] == "policy_acceptance_required"
    data = answer.json()["data"]
    assert (data["document"], data["version"]) == ("terms", 1)
    assert data["accept_url"] == reverse("pages:agreements")
    assert not VisitorComment.objects.exists()


def test_comment_with_the_agreement_records_both(client, terms, post):
    terms()

    assert comment(client, post, agreements=["terms@1"]).status_code == 201
    row = PolicyAcceptance.objects.get()
    assert (row.action, row.surface) == ("accept", "comment")
    assert "ann@example.org" not in json.dumps(list(PolicyAcceptance.objects.values()), default=str)


def test_form_offers_the_box_and_takes_it(client, terms, post):
    terms()
    page = client.get(post.get_url())
    assert 'name="agree-terms-1"' in page.text

    form = {"comment_post_ID": post.pk, "comment": "Good.", "author": "Ann",
            "email": "ann@example.org"}  # fmt: skip
    refused = client.post("/wp-comments-post.php", form)
    assert refused.status_code == 403
    assert 'name="agree-terms-1"' in refused.text
    assert "Good." in refused.text

    taken = client.post("/wp-comments-post.php", {**form, "agree-terms-1": "yes"})
    assert taken.status_code == 302
    assert VisitorComment.objects.count() == 1


def test_no_comment_asks_for_anything_by_default(client, post, publish):
    publish("Notice.", acceptance="acknowledgement")

    answer = comment(client, post)
    assert answer.status_code == 201, answer.json()


# The page


def test_page_takes_answers_and_hands_out_receipts(client, member, terms):
    terms()
    client.force_login(member)
    url = reverse("pages:agreements")
    assert "I agree to “Terms”, version 1." in client.get(url).text

    client.post(url, {"version": "terms@1", "action": "accept"})

    row = PolicyAcceptance.objects.get()
    receipt = client.get(reverse("pages:receipt", args=[row.receipt]))
    assert receipt.json()["action"] == "accept"
    assert "Nothing is waiting for you." in client.get(url).text

    client.post(url, {"version": "terms@1", "action": "withdraw"})
    assert PolicyAcceptance.objects.count() == 2


@pytest.mark.parametrize("version", ["", "terms", "terms@x", "nothing@1", "terms@" + "9" * 30])
def test_page_survives_what_nobody_offered(client, member, terms, version):
    terms()
    client.force_login(member)

    answer = client.post(reverse("pages:agreements"), {"version": version, "action": "accept"})

    assert answer.status_code == 302
    assert not PolicyAcceptance.objects.exists()


def test_receipt_is_for_its_owner_alone(client, member, terms, editor):
    terms()
    acceptance_gate.get().record(
        [("terms", 1)], person=Person(user_id=member.pk), locale="en", surface="account"
    )
    client.force_login(editor)

    url = reverse("pages:receipt", args=[PolicyAcceptance.objects.get().receipt])
    assert client.get(url).status_code == 404


# The chain


def some(terms, count=5):
    terms()
    for number in range(count):
        acceptance_gate.get().record(
            [("terms", 1)], person=Person(user_id=number + 1), locale="en", surface="account"
        )


def test_seals_are_a_chain_over_every_event(terms):
    some(terms)

    assert (seal_batch(2), seal_batch(2)) == (2, 2)
    seal_acceptances.func()

    assert [seal.commitments.count() for seal in AcceptanceSeal.objects.order_by("number")] == [
        2, 2, 1,
    ]  # fmt: skip
    assert first_broken_seal() == (3, None)
    assert seal_batch() == 0


def test_event_can_go_and_the_chain_still_verifies(terms):
    some(terms)
    seal_acceptances.func()

    PolicyAcceptance.objects.order_by("pk")[1].delete()

    assert first_broken_seal() == (1, None)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages_policyacceptance SET action = 'decline'",
        "UPDATE pages_acceptanceseal SET sha256 = 'x'",
        "DELETE FROM pages_acceptanceseal",
        "UPDATE pages_sealedcommitment SET position = 9",
        "DELETE FROM pages_sealedcommitment",
    ],
)
def test_database_refuses_to_change_the_record(terms, statement):
    some(terms, 2)
    seal_acceptances.func()

    with pytest.raises(IntegrityError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)


def test_verify_names_an_event_that_was_changed_behind_the_guards(terms, capsys):
    from pages.freezing import freeze, thaw

    some(terms)
    seal_acceptances.func()
    row = PolicyAcceptance.objects.order_by("pk")[2]
    thaw(connection)
    PolicyAcceptance.objects.filter(pk=row.pk).update(action="decline")
    freeze(connection)

    with pytest.raises(CommandError):
        call_command("policies", "verify", json=True)

    found = json.loads(capsys.readouterr().out)
    assert found["broken_seal"]["event"] == row.pk


def test_verify_names_a_seal_whose_commitment_was_taken_out(terms):
    from pages.freezing import freeze, thaw

    some(terms)
    seal_acceptances.func()
    thaw(connection)
    SealedCommitment.objects.filter(position=1).delete()
    freeze(connection)

    assert first_broken_seal()[1]["seal"] == 1


def test_events_under_an_address_are_found_by_the_mailbox_alone(client, terms, post):
    terms()
    comment(client, post, agreements=["terms@1"])

    keys = list(AcceptanceData().identities(Subject(email="ann@example.org")))

    assert len(keys) == 1
    (item,) = AcceptanceData().export(keys)
    assert item.data["wording"].startswith("I agree")
