import json
import threading
import zipfile
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.conf import settings
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, connections, transaction
from django.urls import reverse
from django.utils import timezone

from accounts.services import create_application_password, create_user
from comments.models import VisitorComment
from core.extensions.acceptance import (
    AcceptanceRequiredError,
    ConsentPurpose,
    Person,
    acceptance_gate,
    consent_purposes,
    require_acceptance,
)
from core.extensions.personal_data import Subject
from pages.acceptances import events_of
from pages.errors import PolicyNotPublishableError
from pages.models import (
    AcceptanceExpiry,
    AcceptanceRemoval,
    AcceptanceSeal,
    PolicyAcceptance,
    SealedCommitment,
)
from pages.personal_data import AcceptanceData
from pages.receipts import receipt_of
from pages.sealing import first_broken_seal, remove_events, seal_batch
from pages.tasks import remove_expired_acceptances, seal_acceptances
from tests.pages.made import publish_at

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
    processing, (event,) = receipt["pii_processing"], receipt["event"]
    assert processing["privacy_notice"]["version_sha256"] == version.sha256
    assert processing["purposes"][0]["collection_method"] == "checkout"
    assert processing["purposes"][0]["lawful_basis"] == "contract"
    assert (event["event_state"], event["entity_id"]) == (
        "terms_accepted", receipt["pii_principal_id"],
    )  # fmt: skip
    assert receipt["party_identification"][0]["party_name"] == "Test Ltd"
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
    (event,) = answer.json()["event"]
    assert event["event_state"] == "notice_acknowledged"
    assert "onsent" not in json.dumps(answer.json()["pii_processing"]["purposes"])
    assert accept(as_member, 1, action="withdraw").json()["code"] == "policy_action_wrong"


@pytest.mark.parametrize("kind", ["privacy", "cookies"])
def test_notice_that_asks_to_agree_is_not_published(publish, kind):
    with pytest.raises(PolicyNotPublishableError, match="Nobody agrees to a notice"):
        publish("Notice.", kind=kind, acceptance="acceptance")


def test_version_that_reduces_rights_must_ask_for_something(publish):
    publish("One.")

    with pytest.raises(PolicyNotPublishableError, match="has not expressly agreed"):
        publish("Two.", reduces_rights=True, effective_at=timezone.now() + timedelta(days=8))


def test_taking_note_of_fewer_rights_is_not_consenting_to_them(as_member, member, publish):
    def notice(text, **fields):
        return publish(text, title="Terms", acceptance="acknowledgement", **fields)

    notice("One.")
    accept(as_member, 1, action="acknowledge")
    notice("Two.", reduces_rights=True, effective_at=timezone.now() + timedelta(days=8))

    with time_machine.travel(timezone.now() + timedelta(days=9)):
        accept(as_member, 2, action="acknowledge")
        assert as_member.get(f"{API}/in-force?subject=me").json()["number"] == 1
        gate = acceptance_gate.get()
        (asked,) = gate.waiting(Person.of(member), locale="en")
        assert (asked.action, asked.number) == ("consent", 2)

        answer = accept(as_member, 2, action="consent")

        assert answer.json()["event"][0]["event_state"] == "dpv:ConsentGiven"
        assert as_member.get(f"{API}/in-force?subject=me").json()["number"] == 2
        assert not gate.waiting(Person.of(member), locale="en")
        accept(as_member, 2, action="withdraw")
        assert as_member.get(f"{API}/in-force?subject=me").json()["number"] == 1


def test_trigger_is_settled_by_agreeing_and_open_again_by_withdrawing(as_member, member, terms):
    terms()
    assert required("comment", member) == ["terms@1"]

    accept(as_member, 1)
    assert required("comment", member) == []

    assert accept(as_member, 1, action="withdraw").status_code == 201
    assert required("comment", member) == ["terms@1"]
    again = accept(as_member, 1, action="withdraw")
    assert (again.status_code, again.json()["code"]) == (409, "policy_nothing_to_withdraw")


def test_agreement_to_a_former_version_can_be_withdrawn_for_ever(as_member, terms):
    terms()
    accept(as_member, 1)
    terms("Terms two.")

    assert accept(as_member, 1, action="withdraw").status_code == 201
    assert accept(as_member, 1).status_code == 409


def test_policy_that_nobody_can_read_is_asked_of_nobody(member, terms):
    version = terms()
    version.page.specific.unpublish()

    assert required("comment", member) == []


def test_translation_of_a_former_version_cannot_be_accepted_alone(
    as_member, terms, chinese_home, member
):
    page = terms().page.specific
    publish_at(chinese_home, "条款一。", kind="terms", title="服务条款", acceptance="acceptance",
               translation_of=page)  # fmt: skip
    assert accept(as_member, 1, locale="zh-hans").json()["wording"].startswith("我")
    terms("Terms two.")

    stale = accept(as_member, 2, locale="zh-hans")

    assert stale.json()["code"] == "candour_policy_locale_unknown"
    assert stale.json()["data"]["locales"] == ["en"]
    (offered,) = acceptance_gate.get().required("comment", locale="zh-hans")
    assert (offered.number, offered.locale, offered.title) == (2, "en", "Terms")


def test_number_of_another_document_is_not_offered(as_member, terms, publish):
    terms()
    publish("One.", title="Rules", kind="other", acceptance="acceptance")
    publish("Two.", title="Rules", kind="other", acceptance="acceptance")

    assert accept(as_member, 2).json()["code"] == "policy_version_changed"


def test_guardian_acts_for_a_child_and_both_are_on_record(member, stranger, terms):
    terms()
    acceptance_gate.get().record(
        [("terms", 1)], person=Person.of(member), actor=Person.of(stranger), locale="en",
        surface="account",
    )  # fmt: skip

    row = PolicyAcceptance.objects.get()
    assert len({row.actor, row.subject, ""}) == 3
    assert receipt_of(row)["event"][0]["entity_id"] == row.actor
    assert required("comment", member) == []
    assert required("comment", stranger) == ["terms@1"]


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
    with time_machine.travel(later + timedelta(hours=1), tick=False):
        moment = {"at": later.isoformat(), "subject": "me"}
        found = as_member.get(f"{API}/in-force", moment).json()
        assert (found["number"], found["subject"]["accepted"]) == (1, False)


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
    assert data["accept_url"] == f"{settings.SITE_URL}/agreements/"
    assert data["url"] == f"{settings.SITE_URL}/terms/versions/1/"
    (asked,) = data["required"]
    assert (asked["action"], asked["wording"]) == ("accept", "I agree to “Terms”, version 1.")
    assert not VisitorComment.objects.exists()


@pytest.mark.parametrize("trigger", ["checkout", "cancel-account"])
def test_every_trigger_refuses_in_the_same_words_and_takes_the_agreement(terms, member, trigger):
    terms(triggers=[trigger])
    person = Person.of(member)

    with pytest.raises(AcceptanceRequiredError) as refused:
        require_acceptance(trigger, locale="en", person=person)

    assert refused.value.code == "policy_acceptance_required"
    assert (refused.value.data["document"], refused.value.data["version"]) == ("terms", 1)
    given = require_acceptance(trigger, locale="en", person=person, given=[("terms", 1)])
    assert given == [("terms", 1)]
    assert require_acceptance("comment", locale="en", person=person) == []


def test_address_that_somebody_typed_settles_nothing(client, terms, post, member):
    """Else a stranger learns who has agreed, and agrees for others."""
    terms()
    words = {"author_email": "member@example.org"}
    assert comment(client, post, agreements=["terms@1"], **words).status_code == 201

    again = comment(client, post, content="More.", **words)

    assert again.status_code == 403
    assert required("comment", member) == ["terms@1"]
    assert list(events_of(Person.of(member))) == []


def test_who_has_agreed_is_not_asked_by_the_form_again(signed_in, member, terms, post, visitor):
    terms()
    browser = signed_in(member)
    assert 'name="agree-terms-1"' in browser.get(post.get_url()).text
    acceptance_gate.get().record(
        [("terms", 1)], person=Person.of(member), locale="en", surface="account"
    )

    assert 'name="agree-terms-1"' not in browser.get(post.get_url()).text
    assert 'name="agree-terms-1"' in visitor.get(post.get_url()).text
    form = {"comment_post_ID": post.pk, "comment": "Good."}
    assert browser.post("/wp-comments-post.php", form).status_code == 302


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

    # One button each: withdrawing takes as many steps as agreeing.
    assert 'value="withdraw"' in client.get(url).text
    client.post(url, {"version": "terms@1", "action": "withdraw"})
    assert PolicyAcceptance.objects.count() == 2
    assert "I agree to “Terms”, version 1." in client.get(url).text


def test_declining_is_recorded_and_leaves_everything_else_open(signed_in, member, terms, post):
    terms(triggers=["register", "comment"])
    browser = signed_in(member)
    assert "A text waits for your answer" in browser.get("/account/").text

    browser.post(reverse("pages:agreements"), {"version": "terms@1", "action": "decline"})

    assert PolicyAcceptance.objects.get().action == "decline"
    assert "A text waits for your answer" not in browser.get("/account/").text
    assert "I agree to “Terms”, version 1." in browser.get(reverse("pages:agreements")).text
    form = {"comment_post_ID": post.pk, "comment": "Good."}
    assert browser.post("/wp-comments-post.php", form).status_code == 403
    for path in ("/account/", "/privacy/requests/", "/account/email/", post.get_url()):
        assert browser.get(path).status_code == 200
    asked = {"kind": "export", "email": "member@example.org"}
    assert browser.post("/privacy/requests/", asked).status_code == 302
    asked = {"kind": "erasure", "email": "member@example.org"}
    assert browser.post("/privacy/requests/", asked).status_code == 302


def sign_in(client, **fields):
    form = {"login": "member@example.org", "password": "pass", **fields}
    return client.post(reverse("account_login"), form)


def test_sign_in_leads_past_what_waits_and_on(client, member, terms):
    terms(triggers=["register"])

    answer = sign_in(client, next="/shop/?page=2")

    assert answer.url == "/agreements/?next=%2Fshop%2F%3Fpage%3D2"
    page = client.get(answer.url)
    assert 'href="/shop/?page=2"' in page.text
    assert "no-store" in page["Cache-Control"]
    form = {"version": "terms@1", "action": "accept", "next": "/shop/?page=2"}
    assert client.post("/agreements/", form).url == "/shop/?page=2"
    assert PolicyAcceptance.objects.get().surface == "interstitial"
    client.post(reverse("account_logout"))
    assert sign_in(client, next="/shop/").url == "/shop/"


def test_sign_in_asks_again_for_a_new_version_and_not_after_declining(client, member, terms):
    terms(triggers=["register"])
    record = acceptance_gate.get().record
    record([("terms", 1)], person=Person.of(member), locale="en", surface="registration")
    assert sign_in(client).url == "/account/"
    client.post(reverse("account_logout"))
    terms("Terms two.", triggers=["register"])
    assert sign_in(client).url.startswith("/agreements/")

    client.post("/agreements/", {"version": "terms@2", "action": "decline"})
    client.post(reverse("account_logout"))

    assert sign_in(client).url == "/account/"


def test_page_leads_to_no_other_site(client, member, terms):
    terms(triggers=["register"])
    client.force_login(member)
    form = {"version": "terms@1", "action": "accept", "next": "https://evil.example/"}

    assert "evil" not in client.get("/agreements/?next=https://evil.example/").text
    assert client.post("/agreements/", form).url == "/agreements/"


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


def test_redacted_event_is_gone_and_the_chain_still_verifies(terms, capsys):
    some(terms)
    row = PolicyAcceptance.objects.order_by("pk")[1]

    call_command("policies", "redact", str(row.receipt), json=True)

    assert json.loads(capsys.readouterr().out) == {"removed": 1}
    assert not PolicyAcceptance.objects.filter(pk=row.pk).exists()
    assert SealedCommitment.objects.filter(commitment=row.commitment).exists()
    assert AcceptanceRemoval.objects.get().reason == "redacted"
    assert first_broken_seal() == (1, None)
    with pytest.raises(CommandError):
        call_command("policies", "redact", str(row.receipt), json=True)
    with pytest.raises(CommandError):
        call_command("policies", "redact", "nonsense")


def test_event_goes_on_its_day_and_the_chain_still_verifies(terms, settings):
    some(terms, 3)
    acceptance_gate.get().record(
        [("terms", 1)], person=Person(email="ann@example.org"), locale="en", surface="comment"
    )
    seal_acceptances.func()
    days = settings.POLICIES_PROOF_DAYS
    with time_machine.travel(timezone.now() + timedelta(days=days - 1)):
        remove_expired_acceptances.func()
        assert PolicyAcceptance.objects.count() == 4

    with time_machine.travel(timezone.now() + timedelta(days=days + 1)):
        remove_expired_acceptances.func()

    assert PolicyAcceptance.objects.count() == 3
    assert first_broken_seal() == (1, None)


def test_event_that_went_without_a_record_is_named(terms):
    from pages.freezing import freeze, thaw

    some(terms)
    seal_acceptances.func()
    thaw(connection)
    PolicyAcceptance.objects.order_by("pk")[1].delete()
    freeze(connection)

    assert first_broken_seal()[1] == {
        "seal": 1, "position": 1, "reason": "its event is gone and nobody recorded why",
    }  # fmt: skip


def test_copied_row_keeps_no_other_from_its_seal(terms):
    some(terms, 2)
    row = PolicyAcceptance.objects.order_by("pk")[0]
    row.pk = None
    row.save(force_insert=True)

    assert seal_batch() == 2
    assert seal_batch() == 0
    assert first_broken_seal() == (1, None)


@pytest.mark.django_db(transaction=True)
def test_two_workers_seal_every_event_once(terms):
    if connection.vendor == "sqlite" and connection.is_in_memory_db():
        pytest.skip("threads share no in-memory database; PostgreSQL runs this")
    some(terms, 40)
    failures = []

    def work():
        try:
            for _ in range(40):
                seal_batch(3)
        except Exception as error:
            failures.append(error)
        finally:
            connections.close_all()

    workers = [threading.Thread(target=work) for _ in range(3)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    seal_acceptances.func()

    assert failures == []
    assert SealedCommitment.objects.count() == 40
    assert first_broken_seal()[1] is None


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE pages_policyacceptance SET action = 'decline'",
        "DELETE FROM pages_policyacceptance",
        "UPDATE pages_acceptanceremoval SET reason = 'redacted'",
        "DELETE FROM pages_acceptanceremoval",
        "UPDATE pages_acceptanceseal SET sha256 = 'x'",
        "DELETE FROM pages_acceptanceseal",
        "UPDATE pages_sealedcommitment SET position = 9",
        "DELETE FROM pages_sealedcommitment",
    ],
)
def test_database_refuses_to_change_the_record(terms, statement):
    some(terms, 2)
    remove_events([PolicyAcceptance.objects.first().pk], "expired")

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


# Persons and their rights


def test_proof_of_an_account_outlives_it_without_a_name_and_has_its_day(terms, member, settings):
    terms()
    acceptance_gate.get().record(
        [("terms", 1)], person=Person.of(member), locale="en", surface="account"
    )
    seal_acceptances.func()
    assert not AcceptanceExpiry.objects.exists()
    member.delete()

    expected = timezone.now() + timedelta(days=settings.POLICIES_PROOF_DAYS)
    assert AcceptanceExpiry.objects.get().expires_on == expected.date()
    kept = json.dumps(list(PolicyAcceptance.objects.values()), default=str)
    assert "member" not in kept
    with time_machine.travel(expected + timedelta(days=1)):
        remove_expired_acceptances.func()
    assert not PolicyAcceptance.objects.exists()
    assert first_broken_seal() == (1, None)


def test_mailbox_exports_the_answers_of_its_account_and_an_erasure_gives_them_their_day(
    terms, member, tmp_path, capsys, settings
):
    terms()
    acceptance_gate.get().record(
        [("terms", 1)], person=Person.of(member), locale="en", surface="account"
    )
    file = tmp_path / "export.zip"

    call_command("personal_data", "export", "MEMBER@example.org", output=file, json=True)

    assert json.loads(capsys.readouterr().out)["failed"] == []
    with zipfile.ZipFile(file) as archive:
        exported = "".join(archive.read(name).decode() for name in archive.namelist()
                           if name.endswith(".json"))  # fmt: skip
    assert str(PolicyAcceptance.objects.get().receipt) in exported

    call_command("personal_data", "erase", "member@example.org", json=True)

    retained = json.loads(capsys.readouterr().out)["retained"]
    (proof,) = [each for each in retained if each["code"] == "acceptance_proof"]
    day = (timezone.now() + timedelta(days=settings.POLICIES_PROOF_DAYS)).date()
    assert proof["expires_on"] == day.isoformat()
    assert "article 7" in proof["legal_basis"]
    assert AcceptanceExpiry.objects.get().expires_on == day
    provider = AcceptanceData()
    keys = list(provider.identities(Subject(email="member@example.org")))
    assert provider.erase(keys) == provider.erase(keys)


def test_events_under_an_address_are_found_by_the_mailbox_alone(client, terms, post):
    terms()
    comment(client, post, agreements=["terms@1"])

    keys = list(AcceptanceData().identities(Subject(email="ann@example.org")))

    assert len(keys) == 1
    (item,) = AcceptanceData().export(keys)
    assert item.data["wording"].startswith("I agree")


# Consents


NEWS = ConsentPurpose("shop.news", "News by mail", "I want to get news of the shop by mail.")


def test_consent_is_given_and_withdrawn_purpose_by_purpose(signed_in, member, publish):
    publish("Notice.")
    other = ConsentPurpose("shop.taste", "Taste", "The shop may guess what I like.")
    browser, url = signed_in(member), reverse("pages:agreements")
    gate = acceptance_gate.get()
    with consent_purposes.temporarily(NEWS, other):
        assert "I want to get news of the shop by mail." in browser.get(url).text

        browser.post(url, {"purpose": "shop.news", "action": "consent"})

        assert gate.consents(Person.of(member)) == {"shop.news"}
        row = PolicyAcceptance.objects.get()
        assert (row.purpose, row.wording) == ("shop.news@1", NEWS.wording)
        assert row.version.document.slug == "privacy-policy"
        receipt = browser.get(reverse("pages:receipt", args=[row.receipt])).json()
        assert receipt["event"][0]["event_state"] == "dpv:ConsentGiven"
        assert receipt["pii_processing"]["purposes"][0]["lawful_basis"] == "consent"
        browser.post(url, {"purpose": "shop.news", "action": "withdraw"})
        assert gate.consents(Person.of(member)) == set()


def test_purpose_that_allows_more_is_asked_anew(member):
    gate = acceptance_gate.get()
    with consent_purposes.temporarily(NEWS), transaction.atomic():
        gate.consent(NEWS, person=Person.of(member), locale="en", surface="account")
        assert gate.consents(Person.of(member)) == {"shop.news"}

    with consent_purposes.temporarily(replace(NEWS, edition=2)):
        assert gate.consents(Person.of(member)) == set()


def test_consents_over_rest(as_member, client):
    url = "/wp-json/candour/v1/consents"
    with consent_purposes.temporarily(NEWS):
        assert [each["consents"] for each in as_member.get(url).json()] == [False]
        answer = as_member.post(url, {"purpose": "shop.news", "action": "consent"})
        assert (answer.status_code, answer.json()["consents"]) == (201, True)
        assert as_member.post(url, {"purpose": "x", "action": "consent"}).status_code == 404
        withdrawn = as_member.post(url, {"purpose": "shop.news", "action": "withdraw"})
        assert withdrawn.json()["consents"] is False
        again = as_member.post(url, {"purpose": "shop.news", "action": "withdraw"})
        assert again.status_code == 409
    del as_member.defaults["HTTP_AUTHORIZATION"]
    assert client.get(url).status_code == 401
