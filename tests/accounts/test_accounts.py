import json

import pytest
from django.core.management import CommandError, call_command
from django.db import IntegrityError, connection, transaction
from django.db.models.signals import post_init
from django.urls import reverse
from wagtail.models import GroupApprovalTask
from wagtail.permission_policies.pages import PagePermissionPolicy

from accounts.errors import AddressTakenError, NameTakenError, SlugTakenError
from accounts.models import ApplicationPassword, User
from accounts.people import AccountRecipients, DrawnAvatars, avatar_svg
from accounts.personal_data import AccountData
from accounts.services import (
    MODERATORS,
    create_application_password,
    create_user,
    ensure_groups,
    update_user,
)
from core.errors import CMSError
from core.extensions.acceptance import acceptance_gate
from core.extensions.personal_data import Subject
from pages.models import PolicyAcceptance, PolicyVersion

pytestmark = pytest.mark.django_db
SIGNUP = {"email": "new@example.org", "password1": "a-long-pass-4711",
          "password2": "a-long-pass-4711", "display_name": "Nia", "age": "adult"}  # fmt: skip


@pytest.fixture
def terms(publish):
    return publish("Terms one.", kind="terms", title="Terms", acceptance="acceptance")[1]


def agreement(version):
    return f"agree-{version.document.slug}-{version.number}"


def test_registration_records_the_agreement_to_the_version_in_force(visitor, terms):
    response = visitor.post(reverse("account_signup"), {**SIGNUP, agreement(terms): "on"})

    assert response.status_code == 302
    user = User.objects.get(email="new@example.org")
    assert user.display_name == "Nia"
    assert "new" not in user.username
    record = PolicyAcceptance.objects.get()
    assert (record.version, record.action) == (terms, "accept")
    assert record.text_sha256 == terms.texts.get().sha256
    assert str(user.pk) != record.subject


def test_registration_without_agreement_makes_no_account(visitor, terms):
    response = visitor.post(reverse("account_signup"), SIGNUP)

    assert "once you agree" in response.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()


def test_agreement_to_a_former_version_counts_for_nothing(visitor, terms, publish):
    publish("Terms two.", kind="terms", title="Terms", acceptance="acceptance")

    response = visitor.post(reverse("account_signup"), {**SIGNUP, agreement(terms): "on"})

    assert "changed while you were reading" in response.content.decode()
    assert not User.objects.filter(email="new@example.org").exists()
    assert not PolicyAcceptance.objects.exists()


def test_version_that_comes_into_force_while_registering_makes_no_account(visitor, terms):
    class Hurried(type(acceptance_gate.get())):
        def record(self, *args, **kwargs):
            raise CMSError("The text changed while you were reading.")

    with acceptance_gate.temporarily(Hurried()):
        answer = visitor.post(
            reverse("account_signup"), {**SIGNUP, agreement(terms): "on"}, follow=True
        )

    assert answer.redirect_chain == [(reverse("account_signup"), 302)]
    assert "The text changed while you were reading." in answer.text
    assert not User.objects.filter(email="new@example.org").exists()


def test_box_that_is_not_ticked_says_what_it_is_for(visitor, publish):
    publish("Notice.", acceptance="acknowledgement")

    answer = visitor.post(reverse("account_signup"), SIGNUP)

    assert "once you have taken note of this text" in answer.text


def test_form_links_to_the_exact_version(visitor, terms):
    page = visitor.get(reverse("account_signup")).content.decode()

    assert f"/terms/versions/{terms.number}/" in page
    assert PolicyVersion.objects.count() == 1


def test_known_and_unknown_addresses_are_answered_alike(visitor, stranger):
    known = visitor.post(reverse("account_reset_password"), {"email": stranger.email})
    unknown = visitor.post(reverse("account_reset_password"), {"email": "no@example.org"})

    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])


def test_sign_out_and_sign_in_do_not_act_on_get(signed_in, stranger):
    client = signed_in(stranger)

    assert client.get(reverse("account_logout")).status_code == 200
    assert client.get(reverse("account")).status_code == 200
    client.post(reverse("account_logout"))
    assert client.get(reverse("account")).status_code == 302


def test_member_without_access_is_told_so_and_not_sent_back_and_forth(visitor, stranger):
    response = visitor.post(
        f"{reverse('account_login')}?next=/admin/",
        {"login": "stranger", "password": "pass"},
        follow=True,
    )

    assert response.status_code == 403
    assert "another one, sign out" in response.text
    assert len(response.redirect_chain) <= 3


def test_nobody_signed_in_is_led_to_the_admin_through_the_sign_in(visitor):
    response = visitor.get("/admin/pages/", follow=True)

    assert response.request["PATH_INFO"] == reverse("account_login")
    assert 'value="/admin/pages/"' in response.text


def test_address_is_unique_whatever_its_case(stranger):
    with pytest.raises(AddressTakenError):
        create_user(username="other", email="STRANGER@example.org", password="pass")
    with pytest.raises(IntegrityError), transaction.atomic():
        User.objects.create(username="other", email="STRANGER@example.org")


def test_public_slug_is_never_the_sign_in_name(stranger):
    assert stranger.public_slug
    assert "stranger" not in stranger.public_slug


def test_application_password_is_shown_once_and_stored_hashed(stranger):
    row, shown = create_application_password(stranger, "Script")

    assert len(shown.replace(" ", "")) == 24
    assert shown.replace(" ", "") not in json.dumps(
        list(ApplicationPassword.objects.values("password_hash", "name"))
    )
    assert str(row) == f"application password {row.pk}"


def test_member_makes_and_revokes_their_own_application_passwords(signed_in, stranger, editor):
    client = signed_in(stranger)
    others, _ = create_application_password(editor, "Not mine")

    page = client.post(reverse("application-passwords"), {"name": "Mine"}).content.decode()
    own = ApplicationPassword.objects.get(user=stranger)
    assert "shown this once" in page
    client.post(reverse("application-password-revoke", args=[others.pk]))
    client.post(reverse("application-password-revoke", args=[own.pk]))

    assert list(ApplicationPassword.objects.all()) == [others]


def test_command_prints_the_password_once_as_json(stranger, capsys):
    call_command("create_application_password", "stranger", name="Script", json=True)

    shown = json.loads(capsys.readouterr().out)
    assert list(shown) == ["user", "name", "password"]
    with pytest.raises(CommandError, match="no account"):
        call_command("create_application_password", "nobody", name="Script")


def test_groups_are_made_once(home):
    ensure_groups()
    ensure_groups()

    from django.contrib.auth.models import Group

    editors = Group.objects.get(name="Editors")
    assert editors.permissions.filter(codename="access_admin").count() == 1
    assert editors.page_permissions.filter(permission__codename="publish_page").count() == 1


def test_avatar_is_drawn_from_the_public_name_alone(visitor):
    url = DrawnAvatars().url("Nora <x>", size=48)

    answer = visitor.get(url.partition("//")[2].partition("/")[1] + url.split("/", 3)[3])
    assert answer["Content-Type"] == "image/svg+xml"
    assert b">N</text>" in answer.content
    assert "&lt;" in avatar_svg(3, "<")


def test_moderators_of_comments_have_no_say_over_pages(home, moderator):
    """Wagtail gives its own group of that name the right to publish."""
    policy = PagePermissionPolicy()

    for action in ("add", "change", "publish", "lock", "bulk_delete"):
        assert not policy.user_has_any_permission(moderator, [action]), action
    tasks = GroupApprovalTask.objects.all()
    assert tasks
    for task in tasks:
        assert not task.groups.filter(user=moderator).exists()


@pytest.mark.parametrize(
    ("stored", "proven"),
    [
        ("Nora@Example.org", "nora@example.org"),
        ("nora@b\u00fccher.example", "nora@xn--bcher-kva.example"),
        ("nora@bu\u0308cher.example", "nora@xn--bcher-kva.example"),
        ("ｎｏｒａ@example.org", "nora@example.org"),
    ],
)
def test_account_is_found_and_copied_under_every_spelling_of_its_address(home, stored, proven):
    user = create_user(username="nora", email=stored, password="pass", groups=[MODERATORS])
    create_user(username="other", email="no.ra@example.org", password="pass")
    data = AccountData()

    keys = list(data.identities(Subject(email=proven)))

    assert keys == [str(user.pk)]
    assert AccountRecipients().by_email(proven).user_id == user.pk
    (item,) = data.export(keys)
    assert item.data["groups"] == [MODERATORS]
    assert set(item.data) >= {"addresses", "api_tokens", "choices_in_the_admin", "first_name"}


def test_account_in_the_admin_asks_for_no_first_or_last_name(signed_in, moderator):
    client, address = signed_in(moderator), reverse("wagtailadmin_account")
    page = client.get(address).content.decode()
    assert "first_name" not in page
    assert "last_name" not in page

    saved = client.post(address, {
        "public-display_name": "Mo", "public-description": "",
        "name_email-email": "unproven@example.org", "locale-preferred_language": "zh-hans",
        "theme-theme": "system", "theme-contrast": "system", "theme-density": "default",
        "theme-keyboard_shortcuts": "on",
    })  # fmt: skip

    assert saved.status_code == 302
    moderator.refresh_from_db()
    assert (moderator.display_name, moderator.email) == ("Mo", "moderator@example.org")
    assert moderator.wagtail_userprofile.preferred_language == "zh-hans"


def test_account_in_the_admin_is_for_those_who_may_enter_it(signed_in, stranger, client):
    address = reverse("wagtailadmin_account")

    assert client.get(address).status_code == 302
    assert signed_in(stranger).get(address).status_code == 302


def test_wagtails_own_page_for_signing_in_takes_no_passwords(visitor, moderator):
    answer = visitor.post("/admin/login/", {"username": "moderator", "password": "pass"})

    assert (answer.status_code, answer["Location"]) == (302, "/admin/")
    assert "/login/" in visitor.get("/admin/", follow=True).redirect_chain[-1][0]
    assert not visitor.session.get("_auth_user_id")


@pytest.mark.parametrize(("rival", "error"), [
    ({"username": "nia", "email": "other@example.org"}, NameTakenError),
    ({"username": "other", "email": "nia@example.org"}, AddressTakenError),
])  # fmt: skip
def test_of_two_who_make_the_same_account_at_once_one_is_told(db, rival, error):
    rivals = [rival]

    def come_first(sender, instance, **kwargs):
        if rivals:
            create_user(**rivals.pop(), password="pass")

    post_init.connect(come_first, sender=User)
    try:
        with pytest.raises(error):
            create_user(username="nia", email="nia@example.org", password="pass")
    finally:
        post_init.disconnect(come_first, sender=User)


@pytest.mark.parametrize(("change", "error"), [
    ({"email": "nia@example.org"}, AddressTakenError), ({"public_slug": "nia"}, SlugTakenError),
])  # fmt: skip
def test_of_two_who_change_to_the_same_at_once_one_is_told(editor, change, error):
    rival = create_user(username="rival", email="rival@example.org", password="pass")
    rivals = [lambda: update_user(rival, **change)]

    def come_first(execute, sql, params, many, context):
        if rivals and sql.startswith("SAVEPOINT"):
            rivals.pop()()
        return execute(sql, params, many, context)

    with connection.execute_wrapper(come_first), pytest.raises(error):
        update_user(editor, **change)


def test_slug_that_another_account_has_gets_a_number(editor):
    others = [
        create_user(username=name, email=f"{name}@example.org", password="pass",
                    public_slug=editor.public_slug)
        for name in ("one", "two")
    ]  # fmt: skip

    assert [other.public_slug for other in others] == [
        f"{editor.public_slug}-2", f"{editor.public_slug}-3",
    ]  # fmt: skip


def test_of_two_who_register_one_address_at_once_the_second_is_told(visitor, home):
    rivals = [lambda: create_user(username="rival", email=SIGNUP["email"], password="pass")]

    def come_first(sender, instance, **kwargs):
        if rivals:
            rivals.pop()()

    post_init.connect(come_first, sender=User)
    try:
        answer = visitor.post(reverse("account_signup"), SIGNUP, follow=True)
    finally:
        post_init.disconnect(come_first, sender=User)

    assert str(AddressTakenError.message) in answer.content.decode()
    assert User.objects.get(email=SIGNUP["email"]).username == "rival"


@pytest.mark.parametrize(("username", "slug"), [
    ("Boss", "boss"), ("taken", "taken-2"), ("boss@example.org", "member-"),
    ("\u738b", "member-"),
])  # fmt: skip
def test_account_made_at_the_shell_has_its_user_name_in_addresses_unless_it_is_a_mail_address(
    db, username, slug
):
    create_user(username="other", email="other@example.org", password="pass", public_slug="taken")

    call_command("createsuperuser", "--noinput", username=username, email="boss@example.org")

    made = User.objects.get(username=username).public_slug
    assert made.startswith(slug)
    assert slug == "member-" or made == slug
