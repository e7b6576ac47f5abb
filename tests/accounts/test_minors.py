"""Members under age: what is said and kept, the guardian's mailbox, and coming of age."""

import re
from contextlib import contextmanager
from datetime import UTC, date, datetime

import pytest
import time_machine
from django.core import mail
from django.urls import reverse

from accounts import guardians, tasks
from accounts.errors import (
    AgeSaidError,
    GuardianAddressError,
    GuardianAskedError,
    GuardianLinkExpiredError,
    GuardianLinkUnknownError,
)
from accounts.models import Bracket, User, YoungMember
from accounts.personal_data import AccountData, GuardianData
from accounts.services import OFFICERS, create_user
from comments.errors import CommentRefusedError
from comments.models import DiscussionSettings, ModerationAct, Status, VisitorComment
from comments.services import NewComment, rechecking, submit_comment
from comments.services.retention import keep_to_rules
from core.extensions.acceptance import ConsentPurpose, Person, acceptance_gate, consent_purposes
from core.extensions.people import AgreementAwaitedError, minors
from core.extensions.personal_data import Subject
from pages.models import PolicyAcceptance
from pages.subscriptions import POLICY_MAIL
from privacy.traces import find_traces

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("home")]

NOW = datetime(2026, 3, 15, 12, tzinfo=UTC)
GUARDIAN = "gil.parent@example.net"
SIGNUP = {"email": "new@example.org", "password1": "a-long-pass-4711",
          "password2": "a-long-pass-4711", "display_name": "Nia"}  # fmt: skip
CHILD = {"age": "under-14", "birth_month": "5", "birth_year": "2013"}
TEEN = {"age": "14-to-17", "birth_month": "5", "birth_year": "2010"}


@pytest.fixture(autouse=True)
def spring():
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def commit(django_capture_on_commit_callbacks):
    @contextmanager
    def committed():
        with django_capture_on_commit_callbacks(execute=True):
            yield

    return committed


@pytest.fixture
def terms(publish):
    return publish("Terms one.", kind="terms", title="Terms", acceptance="acceptance")[1]


@pytest.fixture
def open_comments(db):
    own = DiscussionSettings.load()
    own.comment_previously_approved = False
    own.save()


@pytest.fixture
def sign_up(visitor, commit):
    def register(**said):
        with commit():
            return visitor.post(reverse("account_signup"), {**SIGNUP, **said})

    return register


@pytest.fixture
def young(stranger, commit):
    """An account of somebody under age, whose guardian was asked."""

    def make(bracket=Bracket.UNDER_14, ends_in=date(2027, 5, 1), guardian=GUARDIAN):
        with commit():
            guardians.say_age(stranger, bracket, ends_in, guardian_email=guardian, locale="en")
        return YoungMember.objects.get()

    return make


@pytest.fixture
def agreed(young, commit):
    def make(**fields):
        row = young(**fields)
        with commit():
            texts = [(each.document, each.number) for each in guardians.texts_in_force("en")]
            guardians.decide(token(), agrees=True, versions=texts, locale="en")
        row.refresh_from_db()
        return row

    return make


def token(to=GUARDIAN):
    return re.search(r"#(\S+)", mails_to(to)[-1].body)[1]


def code(to=GUARDIAN):
    return re.search(r"\b\w{4}-\w{4}-\w{4}\b", mails_to(to)[-1].body)[0]


def mails_to(address):
    return [each for each in mail.outbox if each.to == [address]]


def answers():
    return list(
        PolicyAcceptance.objects.exclude(actor="").order_by("pk").values_list("purpose", "action")
    )


def comment_of(user, post, text="Some words of mine"):
    return submit_comment(NewComment(target_id=post.pk, text=text, user=user))


# What is said, and what is kept of it.


def test_adult_leaves_nothing_of_their_age(sign_up):
    sign_up(age="adult")

    assert User.objects.filter(email=SIGNUP["email"]).exists()
    assert not YoungMember.objects.exists()


@pytest.mark.parametrize(("said", "ends_in"), [(CHILD, date(2027, 5, 1)), (TEEN, date(2028, 5, 1))])
def test_of_a_minor_the_bracket_and_the_month_in_which_it_ends_are_kept(sign_up, said, ends_in):
    sign_up(**said, guardian_email=GUARDIAN)

    row = YoungMember.objects.get()
    assert (row.user.email, row.bracket, row.ends_in) == (SIGNUP["email"], said["age"], ends_in)
    assert row.guardian_email == GUARDIAN
    assert len(mails_to(GUARDIAN)) == 1


def test_no_birth_is_anywhere_in_the_database_or_the_logs(sign_up, caplog):
    with caplog.at_level("DEBUG"):
        sign_up(**CHILD, guardian_email=GUARDIAN)

    assert YoungMember.objects.exists()
    assert [trace.place for trace in find_traces(["2013-05", "birth_"])] == []
    assert "2013-05" not in caplog.text
    assert not [f.name for f in YoungMember._meta.fields if "birth" in f.name]


@pytest.mark.parametrize(
    ("said", "sentence"),
    [
        ({}, "This field is required"),
        ({"age": "under-14"}, "Say the month and the year"),
        ({**CHILD, "birth_year": "2011"}, "do not go together"),
        ({**TEEN, "birth_year": "2013"}, "do not go together"),
        ({**CHILD, "birth_year": "2026", "birth_month": "4"}, "do not go together"),
        ({**CHILD, "guardian_email": SIGNUP["email"]}, "cannot be your own"),
    ],
)
def test_what_does_not_hold_together_makes_no_account(visitor, said, sentence):
    answer = visitor.post(reverse("account_signup"), {**SIGNUP, **said}, follow=True)

    assert sentence in answer.text
    assert not User.objects.filter(email=SIGNUP["email"]).exists()


def test_in_the_month_of_the_birthday_either_side_of_it_is_possible(sign_up):
    sign_up(age="under-14", birth_month="3", birth_year="2012")

    assert YoungMember.objects.get().ends_in == date(2026, 3, 1)


def test_account_says_its_age_once_and_later_ages_cannot_be_chosen(signed_in, stranger):
    client = signed_in(stranger)

    client.post(reverse("age"), CHILD)
    again = client.post(reverse("age"), {"age": "14-to-17", "birth_month": "1",
                                         "birth_year": "2011"}, follow=True)  # fmt: skip

    assert "is said already" in again.text
    assert YoungMember.objects.get().bracket == Bracket.UNDER_14
    with pytest.raises(AgeSaidError):
        guardians.say_age(stranger, Bracket.UNDER_18, date(2028, 1, 1), locale="en")


def test_page_of_the_age_says_what_is_kept_and_whom_to_write_to(signed_in, young):
    row = young()

    page = signed_in(row.user).get(reverse("age")).text

    assert "Under 14" in page
    assert "May 2027" in page
    assert "hello@example.org" in page
    assert GUARDIAN not in page


def test_page_of_requests_has_the_childrens_contact(visitor):
    page = visitor.get(reverse("privacy:request")).text

    assert "under 14" in page
    assert "mailto:hello@example.org" in page


# The guardian's mailbox.


@pytest.mark.parametrize("address", ["", "nobody", "stranger@example.org", "STRANGER@example.org",
                                     "stranger+mum@example.org"])  # fmt: skip
def test_guardian_has_a_mailbox_of_their_own(young, address):
    row = young(guardian="")

    with pytest.raises(GuardianAddressError):
        guardians.name_guardian(row, address, locale="en")


def test_guardian_sees_what_it_is_about_and_agrees_with_evidence(visitor, terms, young, commit):
    row = young()
    page = visitor.get(reverse("guardian")).text
    assert "Terms" in page
    assert f"terms@{terms.number}" in page
    assert "stranger" not in page + mails_to(GUARDIAN)[0].body

    with commit():
        answer = visitor.post(
            reverse("guardian"),
            {"token": token(), "decision": "agree", "version": [f"terms@{terms.number}"]},
        )

    assert answer.status_code == 200
    row.refresh_from_db()
    assert row.agreed_at == NOW
    by_guardian = PolicyAcceptance.objects.exclude(actor="")
    assert answers() == [("", "accept"), ("accounts.guardianship@1", "consent")]
    assert set(by_guardian.values_list("version", "at")) >= {(terms.pk, NOW)}
    assert GUARDIAN not in str(list(by_guardian.values()))
    assert "withdraw" in mails_to(GUARDIAN)[-1].body
    assert "guardian has agreed" in mails_to("stranger@example.org")[-1].body


def test_code_from_the_mail_works_without_a_script(visitor, young, commit):
    young()

    with commit():
        answer = visitor.post(reverse("guardian"), {"code": code(), "decision": "agree"})

    assert answer.status_code == 200
    assert YoungMember.objects.get().agreed_at


def test_link_works_once(visitor, agreed, young):
    first = agreed()
    used = re.search(r"#(\S+)", mails_to(GUARDIAN)[0].body)[1]

    again = visitor.post(reverse("guardian"), {"token": used, "decision": "decline"})

    assert again.status_code == 404
    first.refresh_from_db()
    assert first.agreed_at == NOW


def test_nothing_acts_on_get_nor_for_other_sites_nor_without_a_decision(visitor, young):
    young()
    visitor.get(reverse("guardian"), {"token": token(), "decision": "agree"})
    foreign = visitor.post(
        reverse("guardian"), {"token": token(), "decision": "agree"},
        headers={"Sec-Fetch-Site": "cross-site"},
    )  # fmt: skip
    undecided = visitor.post(reverse("guardian"), {"token": token()})

    assert (foreign.status_code, undecided.status_code) == (403, 400)
    assert YoungMember.objects.get().agreed_at is None


def test_agreement_to_another_text_than_the_one_in_force_is_none(visitor, terms, young):
    young()

    answer = visitor.post(
        reverse("guardian"),
        {"token": token(), "decision": "agree", "version": [f"terms@{terms.number + 1}"]},
    )

    assert "changed while you were reading" in answer.text
    assert YoungMember.objects.get().agreed_at is None
    assert answers() == []


def test_who_declines_is_forgotten(visitor, young, commit):
    young()

    with commit():
        visitor.post(reverse("guardian"), {"token": token(), "decision": "decline"})

    row = YoungMember.objects.get()
    assert (row.guardian_email, row.token_hash, row.code_hash) == ("", "", "")
    assert answers() == [("accounts.guardianship@1", "decline")]
    assert "no guardian agrees" in mails_to("stranger@example.org")[-1].body


def test_link_expires_and_the_address_of_who_never_answered_goes(young, settings):
    row = young()
    late = token()
    with time_machine.travel(datetime(2026, 3, 22, 12, 1, tzinfo=UTC), tick=False):
        with pytest.raises(GuardianLinkExpiredError):
            guardians.decide(late, agrees=True, versions=[], locale="en")
        tasks.keep_ages.enqueue()
        with pytest.raises(GuardianLinkUnknownError):
            guardians.decide(late, agrees=True, versions=[], locale="en")

    row.refresh_from_db()
    assert (row.guardian_email, row.token_hash) == ("", "")
    assert row.bracket == Bracket.UNDER_14


def test_nobody_has_a_stranger_mailed_again_and_again(young):
    row = young()

    with pytest.raises(GuardianAskedError):
        guardians.name_guardian(row, "other@example.net", locale="en")
    with time_machine.travel(datetime(2026, 3, 15, 13, 1, tzinfo=UTC), tick=False):
        guardians.name_guardian(row, "other@example.net", locale="en")

    row.refresh_from_db()
    assert row.guardian_email == "other@example.net"
    with pytest.raises(GuardianLinkUnknownError):
        guardians.decide(token(), agrees=True, versions=[], locale="en")


def test_who_has_agreed_cannot_be_replaced(agreed):
    with pytest.raises(GuardianAskedError):
        guardians.name_guardian(agreed(), "other@example.net", locale="en")


def test_withdrawing_is_as_easy_and_takes_back_what_rested_on_it(visitor, agreed, commit):
    row = agreed()
    news = ConsentPurpose("shop.news", "News", "I want news by mail.")
    with consent_purposes.temporarily(news):
        person = Person.of(row.user)
        acceptance_gate.get().consent(news, person=person, locale="en", surface="account")
        assert "shop.news" in acceptance_gate.get().consents(person)

        with commit():
            answer = visitor.post(reverse("guardian-withdraw"), {"token": token()})

        assert answer.status_code == 200
        assert acceptance_gate.get().consents(person) == frozenset()
    row.refresh_from_db()
    assert (row.guardian_email, row.agreed_at, row.token_hash) == ("", None, "")
    assert ("accounts.guardianship@1", "withdraw") in answers()
    assert visitor.post(reverse("guardian-withdraw"), {"token": token()}).status_code == 404


# What waits for the agreement, and how a child comments.


def test_comment_waits_for_the_guardian_and_a_consent_too(young, post):
    user = young(bracket=Bracket.UNDER_18).user

    with pytest.raises(AgreementAwaitedError):
        comment_of(user, post)
    with pytest.raises(AgreementAwaitedError):
        acceptance_gate.get().consent(
            POLICY_MAIL, person=Person.of(user), locale="en", surface="account"
        )
    assert not VisitorComment.objects.exists()
    assert not issubclass(AgreementAwaitedError, CommentRefusedError)


def test_rest_and_form_say_what_is_missing(signed_in, young, post):
    client = signed_in(young().user)

    form = client.post("/wp-comments-post.php", {"comment_post_ID": post.pk, "comment": "Words"})
    rest = client.get(reverse("age"))

    assert form.status_code == 403
    assert "guardian has to agree first" in form.text
    assert rest.status_code == 200


def test_teenager_whose_guardian_agreed_comments_as_anybody(agreed, post, open_comments):
    user = agreed(bracket=Bracket.UNDER_18, ends_in=date(2028, 5, 1)).user

    assert comment_of(user, post).status == Status.APPROVED


def test_childs_comment_is_held_whatever_the_site_does_and_shows_no_full_name(
    agreed, post, open_comments
):
    user = agreed().user
    User.objects.filter(pk=user.pk).update(display_name="", first_name="Nia", last_name="Lind")
    user.refresh_from_db()

    comment = comment_of(user, post)

    assert comment.status == Status.HOLD
    assert comment.main_reason == "author_under_14"
    assert comment.user_name == "Member"


def test_screening_again_does_not_publish_a_childs_comment(agreed, post, open_comments):
    comment = comment_of(agreed().user, post)
    VisitorComment.objects.filter(pk=comment.pk).update(recheck_at=NOW)

    rechecking.recheck(VisitorComment.objects.get(pk=comment.pk))

    assert VisitorComment.objects.get(pk=comment.pk).status == Status.HOLD
    assert not ModerationAct.objects.exists()


def test_childs_comments_go_sooner_and_where_they_came_from_as_well(
    agreed, post, open_comments, editor, settings
):
    child = agreed().user
    comment = comment_of(child, post)
    other = comment_of(editor, post, "Words of somebody else")
    VisitorComment.objects.update(ip_address="198.51.100.7", ip_hash="h", user_agent="b")

    with time_machine.travel(datetime(2026, 3, 23, tzinfo=UTC), tick=False):
        keep_to_rules(datetime(2026, 3, 23, tzinfo=UTC))
    own, others = (VisitorComment.objects.get(pk=each.pk) for each in (comment, other))
    assert (own.ip_address, own.ip_hash, own.user_agent) == (None, "", "")
    assert (others.ip_address, others.ip_hash, others.user_agent) == ("198.51.100.7", "h", "b")

    settings.COMMENTS_CHILD_DAYS = 20
    keep_to_rules(datetime(2026, 4, 10, tzinfo=UTC))

    assert not VisitorComment.objects.filter(pk=comment.pk).exists()
    assert VisitorComment.objects.filter(pk=other.pk).exists()


# Getting older.


def test_child_becomes_fourteen_when_the_month_is_over_and_the_guardian_stays(agreed, commit):
    row = agreed(ends_in=date(2026, 3, 1))

    with time_machine.travel(datetime(2026, 3, 31, 12, tzinfo=UTC), tick=False), commit():
        tasks.keep_ages.enqueue()
    assert minors.get().standing(row.user_id).is_child

    with time_machine.travel(datetime(2026, 4, 1, 12, tzinfo=UTC), tick=False), commit():
        tasks.keep_ages.enqueue()
        tasks.keep_ages.enqueue()
    row.refresh_from_db()
    assert (row.bracket, row.ends_in) == (Bracket.UNDER_18, date(2030, 3, 1))
    assert row.guardian_email == GUARDIAN
    assert minors.get().standing(row.user_id).awaits == ""
    assert "14 or older" in mails_to("stranger@example.org")[-1].body


def test_whoever_comes_of_age_takes_over(agreed, signed_in, terms, post, commit):
    row = agreed(bracket=Bracket.UNDER_18, ends_in=date(2026, 3, 1))
    withdrawal = token()
    with time_machine.travel(datetime(2026, 4, 1, 12, tzinfo=UTC), tick=False), commit():
        tasks.keep_ages.enqueue()
        tasks.keep_ages.enqueue()

    row.refresh_from_db()
    assert (row.bracket, row.ends_in) == (Bracket.OF_AGE, None)
    assert (row.guardian_email, row.agreed_at, row.token_hash) == ("", None, "")
    told = [each for each in mails_to("stranger@example.org") if "you are 18 now" in each.body]
    assert len(told) == 1
    with pytest.raises(GuardianLinkUnknownError):
        guardians.withdraw(withdrawal, locale="en")
    with pytest.raises(AgreementAwaitedError, match="of age now"):
        comment_of(row.user, post)

    client = signed_in(row.user)
    page = client.get(reverse("age")).text
    assert f"terms@{terms.number}" in page
    client.post(reverse("agree-oneself"), {"version": [f"terms@{terms.number}"]})

    assert not YoungMember.objects.exists()
    own = PolicyAcceptance.objects.filter(surface="of-age").get()
    assert (own.version, own.action, own.actor) == (terms, "accept", "")
    assert comment_of(row.user, post).pk


def test_clock_that_stood_still_for_years_catches_up(young):
    row = young(ends_in=date(2026, 3, 1))

    with time_machine.travel(datetime(2031, 1, 1, 12, tzinfo=UTC), tick=False):
        tasks.keep_ages.enqueue()

    row.refresh_from_db()
    assert (row.bracket, row.guardian_email) == (Bracket.OF_AGE, "")


# The admin.


def test_report_masks_guardians_and_an_officer_forgets_what_was_said_in_error(
    signed_in, young, editor
):
    row = young()
    officer = create_user(
        username="officer", email="officer@example.org", password="pass", groups=[OFFICERS]
    )
    address = reverse("young_members_report")

    page = signed_in(officer).get(address).text
    assert "g***@e***" in page
    assert GUARDIAN not in page
    assert signed_in(editor).get(address, follow=True).text.count("g***@e***") == 0

    signed_in(officer).post(address, {"member": row.pk})

    assert not YoungMember.objects.exists()


# The data of both.


def test_account_exports_its_age_and_its_end_takes_it(agreed):
    row = agreed()
    provider = AccountData()
    [item] = provider.export([str(row.user_id)])

    assert item.data["age"] == {
        "bracket": "under-14", "ends_in": "2027-05", "a_guardian_agreed_at": NOW.isoformat(),
    }  # fmt: skip
    assert GUARDIAN not in str(item.data)

    provider.erase([f"{row.user_id}:ending"])

    assert not YoungMember.objects.exists()


def test_guardians_mailbox_is_exported_and_erased_with_the_agreement(agreed):
    row = agreed()
    provider = GuardianData()
    keys = list(provider.identities(Subject(email=GUARDIAN)))
    assert list(provider.identities(Subject(email="other@example.net"))) == []
    [item] = provider.export(keys)
    assert item.data == {
        "email": GUARDIAN, "asked_at": NOW.isoformat(), "agreed_at": NOW.isoformat(),
    }  # fmt: skip
    assert GUARDIAN not in str(keys)

    assert [provider.erase(keys).removed, provider.erase(keys).removed] == [1, 0]

    row.refresh_from_db()
    assert (row.guardian_email, row.agreed_at) == ("", None)
    assert ("accounts.guardianship@1", "withdraw") in answers()
