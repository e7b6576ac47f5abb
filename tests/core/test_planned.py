"""Planned queries: the rows that Django itself gives, for the moment and the key of each run."""

from datetime import timedelta

import pytest
from django.db import transaction
from django.db.models import Q
from django.utils import timezone

from core.planned import ANY_KEY, ANY_MOMENT, Planned
from pages.models import PostPage

pytestmark = pytest.mark.django_db
COLUMNS = ("pk", "title", "live", "published_at", "translation_key", "is_sticky")


@pytest.fixture
def posts(make_post):
    return [make_post(f"Post {number}, 50 % off") for number in range(4)]


def test_rows_are_those_of_django(posts, django_assert_num_queries):
    items = PostPage.objects.filter(title__contains="0 %").order_by("-pk").values(*COLUMNS)
    planned, now = Planned(items), timezone.now()

    assert planned.rows(now=now) == list(items)
    assert planned.rows(now=now, limit=2, offset=1) == list(items[1:3])
    assert planned.rows(now=now, limit=2, offset=9) == []
    assert planned.count(now=now) == 4
    with django_assert_num_queries(2):
        planned.rows(now=now)
        planned.count(now=now)


def test_each_run_has_its_own_key_and_moment(posts):
    by_key = Planned(PostPage.objects.filter(pk=ANY_KEY).values("title"))
    until = Planned(PostPage.objects.exclude(published_at__gt=ANY_MOMENT).values("pk"))
    now = timezone.now()

    for post in posts:
        assert by_key.rows(now=now, key=post.pk) == [{"title": post.title}]
    assert by_key.rows(now=now, key=2**63 - 1) == []
    assert until.count(now=now) == 4
    assert until.count(now=now - timedelta(days=36_500)) == 0


def test_what_can_have_no_rows_asks_nothing(posts, django_assert_num_queries):
    planned = Planned(PostPage.objects.filter(Q(pk__in=[])).values("pk"))

    with django_assert_num_queries(0):
        assert planned.rows(now=timezone.now()) == []
        assert planned.count(now=timezone.now()) == 0


def test_a_plan_outlives_the_transaction_it_was_made_in(posts):
    with transaction.atomic():
        planned = Planned(PostPage.objects.order_by("pk").values("pk"))
    assert [row["pk"] for row in planned.rows(now=timezone.now())] == [post.pk for post in posts]
