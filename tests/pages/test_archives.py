"""Addresses of archives: of categories, whichever way they are written."""

import pytest

from pages.models import Category

pytestmark = pytest.mark.django_db


def test_nested_address_of_a_category_leads_to_its_own(visitor, home):
    above = Category.objects.create(name="Teas", slug="teas")
    Category.objects.create(name="Green", slug="green", parent=above)

    answer = visitor.get("/category/drinks/teas/green/")

    assert (answer.status_code, answer["Location"]) == (301, "/category/green/")
    assert visitor.get("/category/green/").status_code == 200
    assert visitor.get("/category/coffee/green/").status_code == 404
