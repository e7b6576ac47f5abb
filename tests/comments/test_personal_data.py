"""Everything that the room holds about a person is found, exported and erased, table by table."""

import json
from datetime import timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.utils import timezone

from comments.models import (
    Appeal,
    BlockedKey,
    EarlierText,
    Flag,
    Follower,
    FollowUpMail,
    IllegalContentReport,
    LegalHold,
    Lesson,
    LocalModel,
    MailChoice,
    ModerationAct,
    OutgoingCopy,
    Reaction,
    Removal,
    Sanction,
    SanctionKind,
    ScreeningRecord,
    Status,
    TrustedAuthor,
    UnconfirmedComment,
    VisitorComment,
)
from comments.personal_data import (
    PROVIDERS,
    CommentData,
    DecisionData,
    MailChoiceData,
    ReactionData,
    ReportData,
    SanctionData,
    finding,
)
from comments.services import forget_lessons, sanctioning
from comments.services.trusting import address_key
from core.extensions.personal_data import Subject, personal_data_providers
from core.generations import comments_of, read_generations
from tests.comments.conftest import below_hidden

pytestmark = pytest.mark.django_db


@pytest.fixture
def write(write):
    return below_hidden(write)


TOKEN = "canarytoken"
SUBJECT = Subject("nora@example.org")


def found_in_tables(word):
    """Return the columns of this room's tables, and of the base's, that hold a word."""
    places = set()
    with connection.cursor() as cursor:
        for table in connection.introspection.table_names(cursor):
            if not table.startswith(("comments_", "django_comment")):
                continue
            for column in connection.introspection.get_table_description(cursor, table):
                name = connection.ops.quote_name
                cursor.execute(
                    f"SELECT COUNT(*) FROM {name(table)} "
                    f"WHERE CAST({name(column.name)} AS TEXT) LIKE %s",
                    [f"%{word}%"],
                )
                if cursor.fetchone()[0]:
                    places.add(f"{table}.{column.name}")
    return places


def plant(comment):
    """Put the token into every text that is kept of a comment."""
    VisitorComment.objects.filter(pk=comment.pk).update(
        user_url=f"https://{TOKEN}.example/", comment=f"<p>{TOKEN}</p>", html=TOKEN, rendered=TOKEN,
        user_name=TOKEN, user_agent=TOKEN, referrer=TOKEN, author_key=f"{TOKEN}key",
        ip_hash=f"{TOKEN}hash", is_address_verified=True, reactions={TOKEN: 1}, fingerprint=7,
        main_reason=TOKEN, score=0.5,
    )  # fmt: skip
    EarlierText.objects.create(comment=comment, text=TOKEN)
    ScreeningRecord.objects.create(
        comment=comment, source="submission", outcome="hold", reference=TOKEN,
        evidence=[{"screener": "x", "code": "word", "message": "Word %(word)s",
                   "data": {"word": TOKEN}, "weight": 1.0}],
    )  # fmt: skip
    OutgoingCopy.objects.create(
        comment=comment, processor=TOKEN, purpose=f"{TOKEN}purpose", fields=[f"{TOKEN}field"]
    )
    ModerationAct.objects.create(
        comment=comment, batch=uuid4(), old_status="hold", new_status="trash", note=TOKEN
    )
    removal = Removal.objects.create(
        comment=comment, ground="conduct", rule=TOKEN, facts=TOKEN,
        appeal_until=timezone.now() + timedelta(days=9),
    )  # fmt: skip
    Appeal.objects.create(removal=removal, text=TOKEN, answer=TOKEN)
    Flag.objects.create(comment=comment, reason="spam", note="others' words", voter="other")
    Reaction.objects.create(comment=comment, kind="like", voter="other")


@pytest.fixture
def planted(write, stranger):
    """Nora's own, in every table and state; one comment with a stranger's reply."""
    for status in Status.values:
        comment = write(f"In {status}.")
        VisitorComment.objects.filter(pk=comment.pk).update(status=status)
        plant(comment)
    write("A stranger's reply.", parent_id=comment.pk, user=stranger)
    follower = Follower.objects.create(
        target_id=comment.target_id, email="Nora@Example.org", language=TOKEN
    )
    FollowUpMail.objects.create(follower=follower, comment=comment)
    UnconfirmedComment.objects.create(
        token_hash="x", target_id=1, email="nora@example.ORG", data={"text": TOKEN},
        expires_at=timezone.now() + timedelta(days=1),
    )  # fmt: skip
    IllegalContentReport.objects.create(
        reference="REF", explanation=TOKEN, name=TOKEN, email="nora@example.org", language="en",
        statement=TOKEN, was_upheld=False, decided_at=timezone.now(),
    )  # fmt: skip
    sanctioning.sanction_author(comment.pk, kind=SanctionKind.BAN, reason=TOKEN, days=9, by=None)
    return comment


def exported():
    return [
        item
        for provider in PROVIDERS
        for item in provider.export(list(provider.identities(SUBJECT)))
    ]


def test_every_provider_is_registered():
    registered = {provider.identifier for provider in personal_data_providers}

    assert {provider.identifier for provider in PROVIDERS} <= registered
    assert len({provider.identifier for provider in PROVIDERS}) == len(PROVIDERS)


def test_export_shows_what_was_planted_everywhere(planted):
    items = json.dumps([dict(item.data) for item in exported()])

    assert items.count(TOKEN) > 60
    for words in (f"{TOKEN}key", f"{TOKEN}hash", f"{TOKEN}purpose", f"{TOKEN}field",
                  f"Word {TOKEN}"):  # fmt: skip
        assert words in items
    assert "others' words" not in items
    assert "stranger" not in items


def test_export_of_a_typed_address_withholds_the_network(planted):
    VisitorComment.objects.update(is_address_verified=False)
    comments = [item.data for item in exported() if "spam_score" in item.data]

    assert len(comments) == 4
    for data in comments:
        assert "withheld" in data
        assert not {"ip_address", "ip_hash", "user_agent", "author_key"} & set(data)


def test_erasure_leaves_what_it_declares_and_nothing_else(planted):
    retained = []
    for provider in PROVIDERS:
        retained += provider.erase(list(provider.identities(SUBJECT))).retained

    assert found_in_tables(TOKEN) == set()
    assert found_in_tables("nora@") == set()
    assert [kept.code for kept in retained] == ["sanction"]
    left = Sanction.objects.get()
    assert (left.reason, left.comment, left.kind) == ("", None, SanctionKind.BAN)
    assert retained[0].expires_on == left.ends_at.date()
    assert VisitorComment.objects.filter(comment="A stranger's reply.").exists()


def test_erasing_twice_changes_and_raises_nothing(planted):
    keys = {each.identifier: list(each.identities(SUBJECT)) for each in PROVIDERS}
    for provider in PROVIDERS:
        provider.erase(keys[provider.identifier])
    before = VisitorComment.objects.count(), Sanction.objects.count()

    again = [provider.erase(keys[provider.identifier]) for provider in PROVIDERS]

    assert sum(erasure.removed for erasure in again) == 0
    assert (VisitorComment.objects.count(), Sanction.objects.count()) == before
    still = {each.identifier: list(each.identities(SUBJECT)) for each in PROVIDERS}
    assert {name for name, left in still.items() if left} == {"comments.sanctions"}


def test_ban_survives_the_erasure_of_its_person(planted, write):
    for provider in PROVIDERS:
        provider.erase(list(provider.identities(SUBJECT)))

    with pytest.raises(sanctioning.errors.SanctionedError) as refused:
        write("I am back.")

    assert TOKEN not in str(refused.value)


def test_nobody_else_s_rows_are_found(planted, write):
    strangers = Subject("nora@example.com")
    write("By another Nora.", author_email="Nora@example.com")

    found = {each.identifier: list(each.identities(strangers)) for each in PROVIDERS}

    assert {name: len(keys) for name, keys in found.items() if keys} == {"comments.comments": 1}


def test_accounts_reactions_and_flags_are_theirs_and_counts_follow(write, stranger, editor):
    comment = write()
    for user, voter in ((stranger, "a"), (editor, "b")):
        Reaction.objects.create(comment=comment, kind="like", voter=voter, user=user)
        Flag.objects.create(comment=comment, reason="other", note=voter, voter=voter, user=user)
    shown = {"status": Status.APPROVED, "reactions": {"like": 2}}
    VisitorComment.objects.filter(pk=comment.pk).update(**shown)
    subject = Subject("stranger@example.org")
    before = read_generations([comments_of(comment.target_id)])
    found = {each.identifier: list(each.identities(subject)) for each in PROVIDERS}

    assert [len(found[name]) for name in ("comments.reactions", "comments.flags")] == [1, 1]
    (item,) = ReactionData().export(found["comments.reactions"])
    assert (item.data["kind"], item.data["comment"]) == ("like", comment.pk)
    for provider in PROVIDERS:
        provider.erase(found[provider.identifier])
    comment.refresh_from_db()
    assert comment.reactions == {"like": 1}
    assert Flag.objects.get().user == editor
    assert read_generations([comments_of(comment.target_id)]) != before


def test_open_report_loses_its_person_and_is_still_decided(write):
    made = IllegalContentReport.objects.create(
        comment=write(), reference="REF", explanation="A threat.", name="Nora",
        email="nora@example.org", language="en", source_hash="s",
    )  # fmt: skip
    provider = ReportData()
    erasure = provider.erase(list(provider.identities(SUBJECT)))

    made.refresh_from_db()
    assert (made.name, made.email, made.source_hash) == ("", "", "")
    assert [kept.code for kept in erasure.retained] == ["report_open"]
    assert list(provider.identities(SUBJECT)) == []


def test_trust_goes_and_a_block_in_force_is_retained(write, moderator):
    comment = write()
    VisitorComment.objects.filter(pk=comment.pk).update(author_key="cookie")
    TrustedAuthor.objects.create(address=address_key("nora@example.org"), batch=uuid4())
    TrustedAuthor.objects.create(author_key="cookie", batch=uuid4())
    TrustedAuthor.objects.create(author_key="another", batch=uuid4())
    for undone_at in (None, timezone.now()):
        BlockedKey.objects.create(key="Nora@example.org", batch=uuid4(), undone_at=undone_at)
    retained = []
    for provider in PROVIDERS:
        retained += provider.erase(list(provider.identities(SUBJECT))).retained

    assert TrustedAuthor.objects.get().author_key == "another"
    assert [kept.code for kept in retained] == ["blocked"]
    assert BlockedKey.objects.get().undone_at is None


def test_choice_of_mails_is_exported_and_goes(moderator):
    MailChoice.objects.create(user=moderator, wants_held=False)
    provider = MailChoiceData()
    keys = list(provider.identities(Subject("moderator@example.org")))

    assert [item.data["wants_held"] for item in provider.export(keys)] == [False]
    assert provider.erase(keys).removed == 1
    assert list(provider.identities(SUBJECT)) == []


def test_warnings_and_ended_sanctions_go(write):
    comment = write()
    for kind in (SanctionKind.WARN, SanctionKind.BAN):
        sanctioning.sanction_author(comment.pk, kind=kind, reason="r", days=9, by=None)
    Sanction.objects.filter(kind=SanctionKind.BAN).update(ends_at=timezone.now())
    provider = SanctionData()

    erasure = provider.erase(list(provider.identities(SUBJECT)))

    assert (erasure.removed, erasure.retained) == (2, ())
    assert not Sanction.objects.exists()


def test_lessons_go_with_their_author_and_the_model_is_to_be_built_anew(write):
    mine, other = write("Mine."), write("Other.", author_email="o@example.org")
    LocalModel.objects.create(lessons=2)
    for comment in (mine, other):
        Lesson.objects.create(comment_id=comment.pk, features=b"f", is_spam=False)

    CommentData().erase([str(mine.pk)])

    assert Lesson.objects.get().comment_id == other.pk
    assert LocalModel.objects.get().needs_rebuild
    LocalModel.objects.update(needs_rebuild=False)
    assert forget_lessons([mine.pk]) == 0
    assert not LocalModel.objects.get().needs_rebuild


def test_moderators_decisions_are_theirs_month_by_month_and_stay(write, moderator):
    comment = write()
    for days in (0, 0, 70):
        act = ModerationAct.objects.create(
            comment=comment, batch=uuid4(), old_status="hold", new_status="spam", by=moderator
        )
        ModerationAct.objects.filter(pk=act.pk).update(at=timezone.now() - timedelta(days=days))
    LegalHold.objects.create(comment=comment, reason="r", legal_basis="b", by=moderator)
    provider = DecisionData()
    keys = list(provider.identities(Subject("Moderator@example.org".lower())))

    items = list(provider.export(keys))
    erasure = provider.erase(keys)

    assert [len(item.data["decisions"]) for item in items] == [1, 3]
    assert [kept.code for kept in erasure.retained] == ["account_open", "account_open"]
    assert ModerationAct.objects.filter(by=moderator).count() == 3


def test_queries_do_not_grow_with_the_comments(write, django_assert_max_num_queries, monkeypatch):
    for number in range(3):
        plant(write(f"Words {number}."))
    provider = CommentData()
    with django_assert_max_num_queries(40) as asked:
        few = list(provider.export(list(provider.identities(SUBJECT))))
    for number in range(9):
        plant(write(f"More words {number}."))
    with django_assert_max_num_queries(len(asked.captured_queries)):
        many = list(provider.export(list(provider.identities(SUBJECT))))

    assert (len(few), len(many)) == (3, 12)
    monkeypatch.setattr(finding, "BATCH", 5)
    assert [item.key for item in provider.export([item.key for item in many])] == [
        item.key for item in many
    ]
