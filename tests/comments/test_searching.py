"""What a search finds, and that walking through it meets everything once."""

from datetime import timedelta

import pytest
from django.utils import timezone

from comments.models import Status, VisitorComment
from comments.searching import Criteria, Order, Place, matching, step

pytestmark = pytest.mark.django_db


def found(**criteria):
    rows = matching(Criteria(**criteria), VisitorComment.objects.all())
    return list(rows.order_by("pk").values_list("comment", flat=True))


@pytest.fixture
def three(write, make_post, stranger):
    one = write("About casinos.", author_name="Ann", author_email="ann@example.org")
    two = write("About tea.", author_name="Bob", author_email="bob@other.example",
                author_url="https://bob.example", on=make_post("Second"))  # fmt: skip
    three = write("More tea.", user=stranger)
    VisitorComment.objects.filter(pk=one.pk).update(score=0.9, main_reason="links")
    VisitorComment.objects.filter(pk=two.pk).update(
        score=0.2, posted_at=timezone.now() - timedelta(days=3)
    )
    VisitorComment.objects.filter(pk=three.pk).update(score=None)
    return one, two, three


def test_each_criterion_narrows(three):
    _one, two, member = three
    today = timezone.localdate()
    assert found() == ["About casinos.", "About tea.", "More tea."]
    assert found(words="TEA") == ["About tea.", "More tea."]
    assert found(author="OTHER.example") == found(author="bob.example") == ["About tea."]
    assert found(author="ann") == ["About casinos."]
    assert found(reason="links") == ["About casinos."]
    assert found(target_id=two.target_id) == ["About tea."]
    assert found(score_from=0.5) == ["About casinos."]
    assert found(score_to=0.5) == ["About tea."]
    assert found(since=today) == ["About casinos.", "More tea."]
    assert found(until=today - timedelta(days=1)) == ["About tea."]
    assert found(same_author_as=member.pk) == ["More tea."]
    assert found(same_author_as=999_999) == []
    assert found(status=Status.SPAM) == []


def test_same_author_is_found_by_address_whatever_its_case(three, write):
    write("Again.", author_name="Else", author_email="ANN@example.org")

    assert found(same_author_as=three[0].pk) == ["About casinos.", "Again."]


def test_criteria_survive_being_kept(three):
    today = timezone.localdate()
    criteria = Criteria(words="tea", since=today, score_from=0.5, target_id=3)

    assert Criteria.from_kept(criteria.kept()) == criteria
    assert criteria.is_narrow
    assert not Criteria(status=Status.SPAM).is_narrow


@pytest.mark.parametrize("order", Order)
@pytest.mark.parametrize("size", [1, 2, 3, 20])
def test_walk_meets_everything_once_forwards_and_backwards(write, order, size):
    scores = [0.5, None, 0.9, 0.5, None, 0.5, 0.1, 0.9]
    for number, score in enumerate(scores):
        VisitorComment.objects.filter(pk=write(f"Number {number}").pk).update(score=score)
    rows = VisitorComment.objects.all()
    expected = sorted(rows, key=lambda row: -row.pk)
    if order == Order.OLDEST:
        expected = expected[::-1]
    if order == Order.WORST:
        expected = sorted(rows, key=lambda row: (row.score is None, -(row.score or 0), -row.pk))

    page = step(rows, order, size=size)
    forwards, pages = list(page.rows), [page]
    while page.has_next:
        place = Place.parse(str(Place.of(page.rows[-1], order)))
        page = step(rows, order, after=place, size=size)
        forwards += page.rows
        pages.append(page)
    assert [row.pk for row in forwards] == [row.pk for row in expected]
    assert [page.has_previous for page in pages] == [False] + [True] * (len(pages) - 1)

    backwards = list(page.rows)
    while page.has_previous:
        page = step(rows, order, before=Place.of(page.rows[0], order), size=size)
        backwards = [*page.rows, *backwards]
        if not page.rows:
            break
    assert [row.pk for row in backwards] == [row.pk for row in expected]


@pytest.mark.parametrize("text", ["", "x", "1:x", ":0.5", "9" * 30, "1:2:3"])
def test_odd_place_is_none(text):
    assert Place.parse(text) is None
