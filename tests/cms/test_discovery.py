"""Clients of WordPress find the API from any page for readers."""

import pytest

pytestmark = pytest.mark.django_db


def test_page_says_where_the_api_is(visitor, home):
    answer = visitor.head("/")

    assert 'rel="https://api.w.org/"' in answer.headers["Link"]
    assert '<link rel="https://api.w.org/"' in visitor.get("/").content.decode()


def test_post_names_its_own_address_in_the_api(visitor, post):
    link = visitor.get(post.get_url()).headers["Link"]

    assert f"/wp-json/wp/v2/posts/{post.pk}>" in link
    assert 'rel="https://api.w.org/"' in link
    assert f"/?p={post.pk}>; rel=shortlink" in link


def test_admin_says_nothing_of_it(visitor, home):
    assert "api.w.org" not in visitor.get("/admin/").headers.get("Link", "")
