"""The demo is one run of the loader at a moment years after it was written."""

import json
from collections import Counter
from datetime import UTC, date, datetime, timedelta

import pytest
import time_machine
from django.urls import reverse

from accounts.models import User
from cms.demo.load import demo_logins, load_demo, next_such_day, years_to_go_back
from comments.models import VisitorComment
from core.extensions.site import site_provider
from pages.models import HomePage, PolicyDocument, PolicyText, PostPage, StandardPage
from plugins.cart.models import Product

NOW = datetime(2031, 3, 1, 12, tzinfo=UTC)
pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("demo")]


@pytest.fixture(scope="module")
def demo(django_db_setup, django_db_blocker, tmp_path_factory):
    """The demo's rows in a transaction that the module's end takes back."""
    from django.db import transaction
    from django.test import override_settings

    folder = tmp_path_factory.mktemp("demo")
    with (
        django_db_blocker.unblock(),
        override_settings(MEDIA_ROOT=folder / "uploads", DATA_DIR=folder),
        time_machine.travel(NOW),
        transaction.atomic(),
    ):
        site_provider.get().forget()
        load_demo(with_content=True)
        yield
        transaction.set_rollback(True)


def test_demo_has_what_a_site_has():
    assert sorted(HomePage.objects.values_list("locale__language_code", flat=True)) == [
        "en", "zh-hans",
    ]  # fmt: skip
    english = PostPage.objects.live().filter(locale__language_code="en")
    assert english.count() >= 10
    assert not english.filter(featured_image=None).exists()
    assert english.values("author").distinct().count() >= 3
    assert PostPage.objects.live().filter(locale__language_code="zh-hans").count() == 3
    assert any(page.get_children().live().exists() for page in StandardPage.objects.all())
    assert Product.objects.count() >= 3
    assert Counter(VisitorComment.objects.values_list("status", flat=True)).keys() == {
        "approved", "hold", "spam", "trash",
    }  # fmt: skip
    assert VisitorComment.objects.filter(level__gte=2).exists()


def test_policies_are_told_whole_in_both_languages():
    documents = PolicyDocument.objects.all()

    assert {each.kind for each in documents} == {
        "privacy", "terms", "transaction", "account-cancellation", "cookies",
    }  # fmt: skip
    counts = {each.kind: each.versions.count() for each in documents}
    assert sum(count > 1 for count in counts.values()) >= 2
    texts = Counter(PolicyText.objects.values_list("locale", flat=True))
    assert texts["en"] == texts["zh-hans"] == sum(counts.values())


def test_one_version_is_announced_however_late_the_demo_is_written(visitor):
    listed = json.loads(visitor.get("/wp-json/candour/v1/policies/privacy-policy/versions").content)

    assert [each["status"] for each in listed] == ["announced", "in-force", "superseded"]
    coming = datetime.fromisoformat(listed[0]["effective_at"])
    assert (coming.month, coming.day) == (1, 15)
    assert NOW + timedelta(days=30) < coming < NOW + timedelta(days=420)
    assert "15 January 2032" in visitor.get("/privacy-policy/").content.decode()


@pytest.mark.parametrize(
    ("now", "year"),
    [((2026, 11, 25), 2027), ((2026, 12, 20), 2028), ((2027, 1, 15), 2028), ((2027, 6, 1), 2028)],
)
def test_announced_day_is_the_next_one_that_leaves_time(now, year):
    day = datetime(2027, 1, 15, tzinfo=UTC)

    assert next_such_day(day, datetime(*now, tzinfo=UTC)) == day.replace(year=year)


@pytest.mark.parametrize(
    ("today", "years"),
    [((2031, 1, 1), 0), ((2026, 11, 24), 0), ((2026, 11, 23), 1), ((2025, 6, 1), 2)],
)
def test_clock_behind_the_demo_moves_it_back_by_whole_years(today, years):
    assert years_to_go_back(date(2026, 11, 24), date(*today)) == years


def test_logins_that_are_printed_open_the_site(visitor):
    logins = {each["username"]: each["password"] for each in demo_logins()}

    assert set(logins) == {"admin", "editor", "moderator", "officer", "member"}
    for name, password in logins.items():
        assert User.objects.get(username=name).check_password(password)
        assert visitor.login(username=name, password=password)
        answer = visitor.get(reverse("wagtailadmin_home"))
        assert (answer.status_code == 200) is (name != "member")
