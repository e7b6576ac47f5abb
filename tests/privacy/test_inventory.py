import json
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core.checks import run_checks
from django.db import connection
from django.urls import reverse
from django.utils.html import escape

from accounts.services import OFFICERS, create_user
from core.extensions.data_inventory import (
    DataTable,
    Harmless,
    Nobody,
    Personal,
    PrivacyClass,
    Provider,
    Task,
    activities,
    cookie_uses,
    data_tables,
    harmless,
    personal,
)
from core.extensions.registry import RegistrationError
from privacy.inventory import faults, needs_word, personal_fields, stored_models
from privacy.models import PersonalTable
from privacy.orphans import check_orphans, record_tables

FLAG = data_tables.get("comments.flag")


def without(*names: str, **other):
    return DataTable(
        "comments.flag", {k: v for k, v in FLAG.fields.items() if k not in names} | other
    )


def with_flags_said(table):
    rest = [each for each in data_tables if each is not FLAG]
    return data_tables.temporarily(table, *rest, only=True)


def test_every_field_of_every_model_says_what_it_holds():
    assert faults() == []


def test_inventory_covers_what_django_knows_and_not_a_list_of_its_own():
    fields = sum(
        len([each for each in model._meta.local_fields if needs_word(each)])
        for model in stored_models()
    )
    said = sum(len(table.fields) for table in data_tables)

    assert len(list(stored_models())) > 100
    assert said >= fields > 700
    assert {apps.get_model("accounts.User"), apps.get_model("django_comments.Comment")} <= set(
        stored_models()
    )


def test_field_without_a_word_fails_the_check_that_stops_the_start():
    with with_flags_said(without("note")):
        assert faults() == ["comments.flag does not say what note holds"]
        assert [each.id for each in run_checks()] == ["privacy.E001"]


def test_table_without_a_word_is_named_with_all_its_fields():
    rest = [each for each in data_tables if each is not FLAG]
    with data_tables.temporarily(*rest, only=True):
        assert "comments.flag does not say what at, comment, kind" not in faults()
        assert faults()[0].startswith("comments.flag does not say what at, comment, note, reason")


@pytest.mark.parametrize(
    ("use", "fault"),
    [
        (Harmless("it is gone"), "comments.flag has no elsewhere"),
        (
            Personal(PrivacyClass.CONTENT, "comments.nothing", Nobody("x"), Nobody("x")),
            "its activity comments.nothing is not declared",
        ),
        (
            Personal(PrivacyClass.CONTENT, "comments.moderation", Provider("no.one"), Nobody("x")),
            "no personal data provider no.one answers",
        ),
        (
            Personal(PrivacyClass.CONTENT, "comments.moderation", Nobody("x"), Task("no.task")),
            "no.task is no periodic task",
        ),
        (
            Personal(PrivacyClass.CONTENT, "comments.moderation", Nobody(" "), Nobody("x")),
            "nobody answers, and no reason is given",
        ),
    ],
)
def test_what_an_inventory_can_get_wrong_is_found(use, fault):
    name = "elsewhere" if isinstance(use, Harmless) else "note"
    with with_flags_said(without("note", **{"note": FLAG.fields["note"], name: use})):
        assert len(faults()) == 1
        assert fault in faults()[0]


def test_field_cannot_be_classified_twice():
    answers = {"exported": Nobody("x"), "erased": Nobody("x")}
    with pytest.raises(RegistrationError):
        DataTable(
            "comments.flag",
            harmless("note at", "no"),
            personal("note", PrivacyClass.CONTENT, "comments.moderation", **answers),
        )


def test_a_provider_that_is_switched_off_is_a_fault():
    from core.extensions.personal_data import personal_data_providers

    rest = [each for each in personal_data_providers if each.identifier != "comments.flags"]
    with personal_data_providers.temporarily(*rest, only=True):
        assert any("no personal data provider comments.flags answers" in each for each in faults())


def test_secrets_and_addresses_are_never_called_harmless():
    suspicious = {"email", "password", "ip_address", "token_hash", "user_agent", "user"}
    unused = {"django_comments.commentflag", "wagtailimages.image"}
    harmless_ones = [
        f"{table.identifier}.{name}"
        for table in data_tables
        if table.identifier not in unused
        for name, use in table.fields.items()
        if isinstance(use, Harmless) and name in suspicious
    ]

    # What a page or collection asks of everybody is nobody's own.
    assert harmless_ones == [
        "wagtailcore.collectionviewrestriction.password",
        "wagtailcore.pageviewrestriction.password",
    ]


@pytest.mark.django_db
def test_what_is_kept_is_public_with_its_periods_from_the_settings(visitor, home, settings):
    settings.COMMENTS_IP_DAYS = 17
    answer = visitor.get("/wp-json/candour/v1/privacy/activities").json()
    screening = next(each for each in answer if each["identifier"] == "comments.screening")

    assert {each["identifier"] for each in answer} == {each.identifier for each in activities}
    assert {"identifier": "comments.ip_days", "value": 17}.items() <= next(
        each for each in screening["periods"] if each["identifier"] == "comments.ip_days"
    ).items()
    assert "network" in screening["categories"]
    page = visitor.get(reverse("privacy:kept")).content.decode()
    assert ": 17 days" in page
    assert all(str(escape(each.verbose_name)) in page for each in activities)
    assert "candour_cart" in page


@pytest.mark.django_db
def test_cookie_register_has_lives_from_the_code_that_sets_them(visitor, home):
    answer = visitor.get("/wp-json/candour/v1/privacy/cookies").json()
    days = {each["name"]: each["days"] for each in answer}

    assert days["candour_cart"] == 30
    assert days["comment_author"] == days["comment_author_key"] == 365
    assert days["messages"] is None
    assert {each["store"] for each in answer} == {"cookie", "local", "session"}
    assert len(answer) >= len(cookie_uses)


@pytest.mark.django_db
def test_record_of_processing_is_for_officers(visitor, home, signed_in, stranger):
    officer = create_user(
        username="officer", email="officer@example.org", password="pass", groups=[OFFICERS]
    )
    path = "/wp-json/candour/v1/privacy/processing-record"

    assert visitor.get(path).status_code == 401
    desk = signed_in(officer).get(reverse("data_requests:record"))
    sent = signed_in(officer).get(reverse("data_requests:record"), {"format": "json"})
    assert signed_in(stranger).get(reverse("data_requests:record")).status_code in {302, 403}
    record = json.loads(sent.content)
    assert record["controller"]["legal_name"] == "Test Ltd"
    fields = {
        f"{field['table']}.{field['field']}": field
        for each in record["activities"]
        for field in each["fields"]
    }
    assert len(fields) == len(list(personal_fields()))
    assert fields["django_comments.user_email"]["erased_by"] == {"provider": "comments.comments"}
    assert "comments_visitorcomment.user_agent" in desk.content.decode()


@pytest.fixture
def left_behind(db):
    """A table with a person in it, whose plugin was installed when the site was last migrated."""
    with connection.cursor() as cursor:
        cursor.execute("CREATE TABLE gone_guest (id integer, email varchar(100))")
    PersonalTable.objects.create(table="gone_guest", app_label="gone", providers=["gone.guests"])
    return SimpleNamespace(
        fill=lambda: connection.cursor().execute("INSERT INTO gone_guest VALUES (1, 'a@b.example')")
    )


def test_data_of_a_plugin_that_is_switched_off_stops_the_start_by_name(left_behind):
    assert check_orphans(databases=["default"]) == []
    left_behind.fill()

    (error,) = check_orphans(databases=["default"])

    assert "gone_guest holds personal data of gone, which is switched off" in error.msg
    assert [each.id for each in run_checks(tags=["database"], databases=["default"])] == [
        "privacy.W001"
    ]


def test_migrating_keeps_the_memory_of_what_was_left_and_drops_what_is_gone(left_behind):
    PersonalTable.objects.create(table="dropped_long_ago", app_label="gone")

    record_tables("default")

    assert PersonalTable.objects.filter(table="gone_guest").exists()
    assert not PersonalTable.objects.filter(table="dropped_long_ago").exists()
    row = PersonalTable.objects.get(table="comments_follower")
    assert row.providers == ["comments.followers"]
    assert not PersonalTable.objects.filter(table="pages_menuitem").exists()
