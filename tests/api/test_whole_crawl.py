"""What programs do that follow every link: titles, whole lists, histories."""

import pytest

from pages.models import Category, HomePage, StandardPage
from pages.services.content import make_page

pytestmark = pytest.mark.django_db
WP = "/wp-json/wp/v2"


def test_titles_are_wordpress_html_without_harm(visitor, make_post):
    make_post('A <em>"b"</em> 9x9 > <script>x</script>')

    title = visitor.get(f"{WP}/posts").json()[0]["title"]["rendered"]

    assert title == "A <em>&#8220;b&#8221;</em> 9&#215;9 > &lt;script>x&lt;/script>"


def test_titles_of_pictures_have_typographic_signs(visitor, image):
    type(image).objects.filter(pk=image.pk).update(title="Picture 580x300")

    item = visitor.get(f"{WP}/media/{image.pk}").json()

    assert item["title"]["rendered"] == "Picture 580&#215;300"


def test_whole_lists_take_a_page_they_do_not_know(as_administrator):
    answer = as_administrator.get(f"{WP}/themes?page=1&per_page=10&_embed")

    assert answer.status_code == 200
    assert "Link" not in answer.headers or 'rel="next"' not in answer.headers["Link"]


def test_a_history_is_linked_where_it_can_be_read(as_administrator, home, editor):
    home.save_revision()
    page = make_page(home, StandardPage(title="About", author=editor), user=editor)

    shown = as_administrator.get(f"{WP}/pages/{page.pk}").json()["_links"]
    front = as_administrator.get(f"{WP}/pages/{HomePage.objects.get().pk}").json()["_links"]

    for links in (shown, front):
        assert as_administrator.get(links["version-history"][0]["href"]).status_code == 200
    assert "predecessor-version" not in front


def test_files_stay_at_this_site_where_a_front_end_shows_pages(visitor, image, settings):
    settings.FRONTEND_URL = "https://front.example"

    item = visitor.get(f"{WP}/media/{image.pk}").json()

    assert item["source_url"].startswith(f"{settings.SITE_URL}/")


def test_links_lead_to_the_front_end_and_addresses_of_the_api_do_not(
    visitor, make_post, editor, settings
):
    settings.FRONTEND_URL = "https://front.example"
    term = Category.objects.create(name="Tea", slug="tea")
    post = make_post("Green", terms={"categories": [term]})

    item = visitor.get(f"{WP}/posts/{post.pk}?_embed").json()

    assert item["link"] == f"https://front.example{post.get_url()}"
    embedded = item["_embedded"]
    assert embedded["author"][0]["link"].startswith("https://front.example/author/")
    assert embedded["wp:term"][0][0]["link"] == "https://front.example/category/tea/"
    found = visitor.get(f"{WP}/search?search=green").json()
    assert [each["url"] for each in found] == [item["link"]]
    assert item["_links"]["self"][0]["href"].startswith(f"{settings.SITE_URL}/wp-json/")
