"""Order of names, on the database that the tests run on."""

import pytest

from core.alphabetical import Alphabetical
from pages.models import Category

NAMES = ["2 cups", "apple", "Ápril", "Zebra", "émigré", "Eskimo", "östlich", "Oslo", "茶"]


@pytest.mark.django_db
def test_neither_case_nor_accents_decide():
    for number, name in enumerate(NAMES):
        Category.objects.create(name=name, slug=f"order-{number}")

    ordered = Category.objects.filter(slug__startswith="order-").order_by(Alphabetical("name"))

    assert [term.name for term in ordered] == [
        "2 cups", "apple", "Ápril", "émigré", "Eskimo", "Oslo", "östlich", "Zebra", "茶",
    ]  # fmt: skip
    assert [term.name for term in ordered.reverse()][:2] == ["茶", "Zebra"]


@pytest.mark.django_db
def test_terms_and_posts_come_in_that_order_over_rest(client):
    for name in ("beta", "Alpha", "alto", "Gamma"):
        Category.objects.create(name=name)

    found = client.get("/wp-json/wp/v2/categories?per_page=100&_fields=name").json()

    names = [term["name"] for term in found]
    assert [name for name in names if name in {"beta", "Alpha", "alto", "Gamma"}] == [
        "Alpha", "alto", "beta", "Gamma",
    ]  # fmt: skip
