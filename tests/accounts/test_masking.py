"""Masked display: what is shown to whom, and that whoever sees more is on record."""

import json
from datetime import timedelta

import pytest
from django.contrib.auth.models import Permission
from django.urls import reverse
from django.utils import timezone

from accounts.models import Unmasking, User
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

    @pytest.mark.parametrize("method", ["post", "put", "patch"])
    def test_masked_comment_that_is_sent_back_whole_is_refused_and_changes_nothing(
        self, visitor, comment, moderator, method
    ):
        path, key = f"{COMMENTS}/{comment.pk}", key_of(moderator)
        item = visitor.get(f"{path}?context=edit", headers=key).json()

        answer = getattr(visitor, method)(
            path, json.dumps(item), content_type="application/json", headers=key
        )

        assert answer.status_code == 400
        assert set(answer.json()["data"]["params"]) == {"author_email", "author_ip"}
        comment.refresh_from_db()
        assert (comment.user_email, comment.ip_address) == (NORA, NETWORK)

    @pytest.mark.parametrize("sees_all", [True, False])
    def test_comment_is_sent_back_with_what_was_seen_and_keeps_what_was_not(
        self, visitor, post, moderator, sees_all
    ):
        member = create_user(username="nora", email="new@example.org", password="pass")
        comment = submit_comment(
            NewComment(target_id=post.pk, text="A word.", user=member, ip_address=NETWORK)
        )
        VisitorComment.objects.filter(pk=comment.pk).update(user_email=NORA)
        if sees_all:
            allow(moderator)
        path, key = f"{COMMENTS}/{comment.pk}", key_of(moderator)
        item = visitor.get(f"{path}?context=edit", headers=key).json()
        if not sees_all:
            del item["author_email"], item["author_ip"]
        before = VisitorComment.objects.values().get(pk=comment.pk)

        answer = visitor.put(path, json.dumps(item), content_type="application/json", headers=key)

        assert answer.status_code == 200
        assert VisitorComment.objects.values().get(pk=comment.pk) == before
        assert before["user_email"] == NORA

    def test_masked_address_is_refused_in_what_is_new_and_in_a_batch(
        self, visitor, post, comment, editor, administrator
    ):
        key = key_of(administrator)
        new = {"post": post.pk, "content": "x", "author_name": "N", "author_email": "n***@e***"}
        account = {"username": "n", "email": "n***@e***", "password": "long-and-odd-7"}
        asked = [
            {"path": f"/wp/v2/comments/{comment.pk}", "body": {"author_email": "n***@e***"}},
            {"path": f"/wp/v2/users/{editor.pk}", "body": {"email": "n***@e***"}},
        ]

        assert visitor.post(COMMENTS, new, headers=key).status_code == 400
        assert visitor.post(USERS, account, headers=key).status_code == 400
        batch = visitor.post(
            "/wp-json/batch/v1", json.dumps({"requests": asked}), content_type="application/json",
            headers=key,
        )  # fmt: skip
        assert [each["status"] for each in batch.json()["responses"]] == [400, 400]
        assert not VisitorComment.objects.filter(user_email__contains="*").exists()
        assert not User.objects.filter(email__contains="*").exists()

    @pytest.mark.parametrize("address", ["e***@e***", "", "***"])
    def test_account_keeps_its_address_where_a_masked_one_or_none_is_sent(
        self, visitor, editor, administrator, address
    ):
        path, key = f"{USERS}/{editor.pk}", key_of(administrator)
        item = visitor.get(f"{path}?context=edit", headers=key).json()

        wrong = visitor.put(path, json.dumps(item | {"email": address}),
                            content_type="application/json", headers=key)  # fmt: skip
        right = visitor.put(path, json.dumps(item), content_type="application/json", headers=key)

        assert (wrong.status_code, right.status_code) == (400, 200)
        assert set(wrong.json()["data"]["params"]) == {"email"}
        kept = User.objects.get(pk=editor.pk)
        assert (kept.email, kept.username) == (editor.email, editor.username)

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

    def test_masked_address_is_not_stored_by_the_form_of_an_account(
        self, signed_in, editor, administrator
    ):
        form = reverse("wagtailusers_users:edit", args=[editor.pk])
        desk = signed_in(administrator)
        shown = desk.get(form).context["form"].initial
        sent = {"username": editor.username, "email": masking.get().address(editor.email),
                "first_name": shown["first_name"], "last_name": shown["last_name"],
                "is_active": "on"}  # fmt: skip

        answer = desk.post(form, sent)

        assert "email" in answer.context["form"].errors
        assert User.objects.get(pk=editor.pk).email == editor.email

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
