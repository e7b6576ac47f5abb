"""Accounts and application passwords over wp/v2."""

import pytest

from accounts.models import ApplicationPassword, User
from media.services import store_image
from tests.media.pictures import plain_jpeg

pytestmark = pytest.mark.django_db
USERS = "/wp-json/wp/v2/users"
NEW = {"username": "newcomer", "email": "new@example.org", "password": "a long enough one"}


def post(client, path, **fields):
    return client.post(path, fields, content_type="application/json")


def test_stranger_sees_authors_alone_and_never_the_name_to_sign_in_with(visitor, post_of_editor):
    shown = visitor.get(USERS).json()

    assert [user["name"] for user in shown] == ["Edith"]
    assert shown[0]["slug"] != "editor"
    assert "email" not in shown[0]
    assert "username" not in shown[0]


@pytest.fixture
def post_of_editor(make_post):
    return make_post()


@pytest.mark.parametrize("query", ["roles=editor", "capabilities=edit_posts", "orderby=email",
                                   "context=edit", "who=authors"])  # fmt: skip
def test_stranger_learns_nothing_by_filters(visitor, editor, query):
    answer = visitor.get(f"{USERS}?{query}")

    assert answer.status_code == 401


def test_search_by_address_is_for_managers(visitor, client_of, moderator, stranger):
    found = visitor.get(f"{USERS}?search=stranger@example.org").json()

    assert found == []


def test_member_changes_themselves_but_neither_role_nor_mailbox(client_of, stranger):
    client = client_of(stranger)

    named = post(client, f"{USERS}/me", name="Stanley", url="https://stan.example.org")
    role = post(client, f"{USERS}/me", roles=["administrator"])
    mailbox = post(client, f"{USERS}/me", email="other@example.org")

    assert (named.status_code, named.json()["name"]) == (200, "Stanley")
    assert (role.status_code, role.json()["code"]) == (403, "rest_cannot_edit_roles")
    assert mailbox.status_code == 403
    stranger.refresh_from_db()
    assert (stranger.email, stranger.is_superuser) == ("stranger@example.org", False)


def test_nobody_lays_down_a_role_that_they_could_not_take(client_of, editor):
    answer = post(client_of(editor), f"{USERS}/me", roles=[])

    assert (answer.status_code, answer.json()["roles"]) == (200, ["editor"])


def test_member_changes_nobody_else(client_of, stranger, editor):
    answer = post(client_of(stranger), f"{USERS}/{editor.pk}", name="Mine")

    assert (answer.status_code, answer.json()["code"]) == (403, "rest_cannot_edit")


def test_member_makes_and_deletes_no_accounts(client_of, stranger, editor):
    client = client_of(stranger)

    assert post(client, USERS, **NEW).status_code == 403
    gone = client.delete(f"{USERS}/{editor.pk}?force=true&reassign={stranger.pk}")
    assert gone.status_code == 403
    assert User.objects.filter(pk=editor.pk).exists()


def test_application_passwords_are_their_owners(client_of, stranger, editor):
    client = client_of(stranger)

    made = post(client, f"{USERS}/me/application-passwords", name="Phone")
    others = client.get(f"{USERS}/{editor.pk}/application-passwords")
    own = client.get(f"{USERS}/me/application-passwords/introspect")
    listed = client.get(f"{USERS}/me/application-passwords").json()

    assert made.status_code == 201
    assert len(made.json()["password"].replace(" ", "")) == 24
    assert [each["name"] for each in listed] == ["test", "Phone"]
    assert all("password" not in each for each in listed)
    assert others.status_code == 403
    assert own.json()["name"] == "test"
    path = f"{USERS}/me/application-passwords/{made.json()['uuid']}"
    assert client.delete(path).json()["deleted"] is True
    assert client.get(path).status_code == 404


def test_password_without_a_name_is_refused(client_of, stranger):
    client = client_of(stranger)

    answer = post(client, f"{USERS}/me/application-passwords", name="   ")

    assert answer.status_code == 400
    assert ApplicationPassword.objects.count() == 1


def test_stranger_meets_the_recorded_refusals(visitor, editor):
    me = visitor.get(f"{USERS}/me/application-passwords")
    other = visitor.get(f"{USERS}/{editor.pk}/application-passwords")

    assert (me.status_code, me.json()["code"]) == (401, "rest_not_logged_in")
    code = "rest_cannot_list_application_passwords"
    assert (other.status_code, other.json()["code"]) == (401, code)


def test_heir_takes_over_what_a_deleted_account_wrote_and_uploaded(
    as_administrator, post_of_editor, editor, moderator, settings, tmp_path
):
    settings.MEDIA_ROOT = tmp_path
    picture = store_image(plain_jpeg(), name="view.jpg", uploaded_by=editor)

    gone = as_administrator.delete(f"{USERS}/{editor.pk}?force=true&reassign={moderator.pk}")

    assert gone.json()["deleted"] is True
    post_of_editor.refresh_from_db()
    picture.refresh_from_db()
    assert (post_of_editor.author_id, picture.uploaded_by_user_id) == (moderator.pk, moderator.pk)


def test_preferences_keep_the_date_that_a_client_writes(as_administrator):
    kept = {"_modified": "2026-03-01T10:00:00Z", "core": {"isOpen": True}}

    answer = as_administrator.post(
        "/wp-json/wp/v2/users/me", {"meta": {"persisted_preferences": kept}},
        content_type="application/json",
    )  # fmt: skip

    assert answer.status_code == 200
    assert answer.json()["meta"]["persisted_preferences"] == kept
