"""Masked display: what is shown to whom, and that whoever sees more is on record."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unmasking
from accounts.services import (
    OFFICERS,
    create_application_password,
    create_user,
    forget_unmaskings,
)
from comments.models import IllegalContentReport, VisitorComment
from comments.services import NewComment, submit_comment
from core.extensions.masking import masking
from core.extensions.personal_data import personal_data_providers
from tests.api.test_reading import basic

COMMENTS, USERS = "/wp-json/wp/v2/comments", "/wp-json/wp/v2/users"
NORA, NETWORK = "nora@example.org", "198.51.100.77"


@pytest.mark.parametrize(
    ("kind", "value", "shown"),
    [
        ("name", "王小明", "王**"),
        ("name", " Nora Lind ", "N**"),
        ("name", "", ""),
        ("address", "anna@domain.org", "a***@d***"),
        ("address", "no address", "***"),
        ("address", "", ""),
        ("phone", "13812345678", "138****5678"),
        ("phone", "+86 138 1234 5678", "861****5678"),
        ("phone", "030 123456", "0****56"),
        ("phone", "110", "****"),
        ("phone", "", ""),
        ("network", NETWORK, "198.51.***"),
        ("network", "2001:db8::1:2", "2001:0db8:***"),
        ("network", "not one", "***"),
        ("network", "", ""),
        ("anything", NORA, "n***@e***"),
        ("anything", NETWORK, "198.51.***"),
        ("anything", "138-1234-5678", "138****5678"),
        ("anything", "bad.example", "bad.example"),
    ],
)
def test_masked_value_shows_its_kind_and_little_more(kind, value, shown):
    assert getattr(masking.get(), kind)(value) == shown


@pytest.fixture
def comment(post):
    return submit_comment(
        NewComment(target_id=post.pk, text="A word.", author_name="Nora", author_email=NORA,
                   ip_address=NETWORK)
    )  # fmt: skip


@pytest.fixture
def officer(home):
    return create_user(username="officer", email="officer@example.org", password="pass",
                       groups=[OFFICERS])  # fmt: skip


def allow(user):
    user.user_permissions.add(Permission.objects.get(codename="unmask_personal_data"))


def key_of(user):
    return basic(user, create_application_password(user, "Tests")[1])


def seen() -> list[tuple[int, str, str]]:
    return list(Unmasking.objects.order_by("pk").values_list("by_id", "kind", "key"))


@pytest.mark.django_db
class TestRest:
    def test_moderator_sees_masked_addresses_and_nothing_is_recorded(
        self, visitor, comment, moderator
    ):
        for path in ("?context=edit&status=any", f"/{comment.pk}?context=edit"):
            text = visitor.get(f"{COMMENTS}{path}", headers=key_of(moderator)).content.decode()
            assert "n***@e***" in text
            assert "198.51.***" in text
            assert NORA not in text
            assert NETWORK not in text
        assert seen() == []

    def test_who_may_unmask_sees_them_and_that_is_recorded_without_a_value(
        self, visitor, comment, moderator
    ):
        allow(moderator)

        item = visitor.get(
            f"{COMMENTS}/{comment.pk}?context=edit", headers=key_of(moderator)
        ).json()

        assert (item["author_email"], item["author_ip"]) == (NORA, NETWORK)
        assert seen() == [(moderator.pk, "comments.visitorcomment", str(comment.pk))]
        assert NORA not in json.dumps(list(Unmasking.objects.values("kind", "key")))

    def test_reading_without_the_edit_context_records_nothing(self, visitor, comment, moderator):
        allow(moderator)

        visitor.get(f"{COMMENTS}?status=any", headers=key_of(moderator))

        assert seen() == []

    def test_list_is_recorded_row_by_row_in_one_query_more(self, visitor, post, moderator):
        from django.db import connection
        from django.test.utils import CaptureQueriesContext

        allow(moderator)
        key, counts = key_of(moderator), []
        for number in range(6):
            submit_comment(
                NewComment(target_id=post.pk, text=f"Word {number}.", author_name="Nora",
                           author_email=NORA)
            )  # fmt: skip
            if number in {1, 5}:
                with CaptureQueriesContext(
                    connection,
                ) as queries:
                    visitor.get(f"{COMMENTS}?context=edit&status=any", headers=key)
                counts.append(len(queries))

        assert len(seen()) == 2 + 6
        assert counts[0] >= counts[1]

    def test_masked_address_that_is_sent_back_is_refused_and_changes_nothing(
        self, visitor, comment, moderator
    ):
        for body in ({"author_email": "n***@e***"}, {"author_ip": "198.51.***"}):
            answer = visitor.post(
                f"{COMMENTS}/{comment.pk}",
                json.dumps(body),
                content_type="application/json",
                headers=key_of(moderator),
            )
            assert answer.status_code == 400
        comment.refresh_from_db()
        assert (comment.user_email, comment.ip_address) == (NORA, NETWORK)

    def test_accounts_are_masked_but_for_ones_own(self, visitor, post, editor, administrator):
        key = key_of(administrator)
        me = visitor.get(f"{USERS}/me?context=edit", headers=key).json()
        assert me["email"] == administrator.email
        assert seen() == []

        listed = visitor.get(f"{USERS}?context=edit", headers=key).json()

        # An administrator has every permission, this one too: it is recorded all the same.
        assert {item["email"] for item in listed} == {administrator.email, editor.email}
        assert seen() == [(administrator.pk, "accounts.user", str(editor.pk))]
        assert "email" not in visitor.get(f"{USERS}/{editor.pk}").json()


@pytest.mark.django_db
class TestAdmin:
    def test_comment_shows_its_addresses_once_they_are_asked_for(
        self, signed_in, comment, moderator
    ):
        allow(moderator)
        desk = signed_in(moderator)
        page, unmask = (
            reverse(f"visitor_comments:{name}", args=[comment.pk]) for name in ("single", "unmask")
        )
        assert NORA not in desk.get(page).content.decode()
        assert desk.get(unmask).status_code == 405
        assert seen() == []

        answer = desk.post(unmask)

        shown = answer.content.decode()
        assert NORA in shown
        assert NETWORK in shown
        assert "no-store" in answer.headers["Cache-Control"]
        assert seen() == [(moderator.pk, "comments.visitorcomment", str(comment.pk))]
        assert NORA not in desk.get(page).content.decode()

    def test_moderator_without_the_permission_is_offered_nothing_and_refused(
        self, signed_in, comment, moderator
    ):
        desk = signed_in(moderator)
        unmask = reverse("visitor_comments:unmask", args=[comment.pk])

        assert (
            unmask
            not in desk.get(reverse("visitor_comments:single", args=[comment.pk])).content.decode()
        )
        assert NORA not in desk.post(unmask).content.decode()
        assert seen() == []

    def test_address_can_be_blocked_without_being_seen(self, signed_in, comment, moderator):
        desk, block = (
            signed_in(moderator),
            reverse("visitor_comments:block", args=[comment.pk]),
        )
        shown = desk.get(block).content.decode()
        assert "n***@e***" in shown
        assert NORA not in shown
        assert NETWORK not in shown

        outcome = desk.post(block, {"key": "n***@e***", "seen": comment.status}, follow=True)

        from comments.models import DiscussionSettings

        assert DiscussionSettings.load().disallowed_keys.splitlines()[-1] == NORA
        assert NORA not in outcome.content.decode()

    def test_reporters_name_is_masked(self, signed_in, comment, moderator):
        report = IllegalContentReport.objects.create(
            comment=VisitorComment.objects.get(), name="Rita Roe", email="rita@example.org",
            explanation="It is.", about="other", reference="R-1",
        )  # fmt: skip

        shown = (
            signed_in(moderator)
            .get(reverse("visitor_comments:report", args=[report.pk]))
            .content.decode()
        )

        assert "R**" in shown
        assert "Rita" not in shown
        assert "rita@" not in shown

    def test_list_of_accounts_shows_public_names_alone(self, signed_in, administrator):
        create_user(username="nora.lind", email=NORA, password="pass", display_name="Nelly")

        shown = signed_in(administrator).get(reverse("wagtailusers_users:index")).content.decode()

        assert "Nelly" in shown
        assert "n**" in shown
        assert "nora.lind" not in shown
        assert NORA not in shown

    def test_report_of_who_saw_what_is_for_officers(self, signed_in, officer, editor, comment):
        masking.get().unmask(officer, "comments.visitorcomment", [comment.pk])
        report = reverse("unmasked_data_report")

        shown = signed_in(officer).get(report).content.decode()

        assert f"({officer.pk})" in shown
        assert "comments.visitorcomment" in shown
        assert signed_in(editor).get(report).status_code == 302


@pytest.mark.django_db
def test_nobody_unmasks_without_the_permission(moderator):
    with pytest.raises(PermissionError):
        masking.get().unmask(moderator, "comments.visitorcomment", [1])

    assert seen() == []


@pytest.mark.django_db
def test_record_ends_after_its_time_and_is_in_its_persons_copy(officer, settings):
    masking.get().unmask(officer, "comments.visitorcomment", [7, 8])
    old = Unmasking.objects.filter(key="7")
    old.update(at=timezone.now() - timedelta(days=settings.ACCOUNTS_UNMASKING_DAYS, seconds=1))

    assert forget_unmaskings() == 1

    (item,) = personal_data_providers.get("accounts.account").export([str(officer.pk)])
    assert [each["row"] for each in item.data["data_seen_in_clear"]] == ["8"]
