"""Parameters that a collection does not declare, and orders that its rows have no column for."""

import pytest

pytestmark = pytest.mark.django_db
API = "/wp-json/wp/v2"


@pytest.mark.parametrize("collection", ["search", "categories"])
@pytest.mark.parametrize("offset", ["-5", "1", "99999999999999999999"])
def test_offset_that_is_not_declared_is_nothing(visitor, make_post, collection, offset):
    make_post(title="Tea")

    whole = visitor.get(f"{API}/{collection}")
    answer = visitor.get(f"{API}/{collection}?offset={offset}")
    assert (answer.status_code, answer.json()) == (200, whole.json())


def test_accounts_are_listed_in_the_order_of_the_slugs_named(as_administrator, editor, stranger):
    slugs = [stranger.public_slug, editor.public_slug]

    answer = as_administrator.get(f"{API}/users?slug={','.join(slugs)}&orderby=include_slugs")
    assert [user["slug"] for user in answer.json()] == slugs


def test_entries_of_menus_have_no_slugs_to_be_put_in_order_by(as_administrator):
    answer = as_administrator.get(f"{API}/menu-items?slug=a,b&orderby=include_slugs")
    assert (answer.status_code, answer.json()) == (200, [])
