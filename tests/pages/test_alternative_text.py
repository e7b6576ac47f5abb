"""Whoever publishes a page is told which of its pictures say nothing to those who cannot see."""

import pytest
from django.urls import reverse

from media.services import store_image
from pages.models import StandardPage
from tests.media.pictures import plain_jpeg

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path


@pytest.fixture
def picture(home):
    return store_image(plain_jpeg(), name="view.jpg")


@pytest.fixture
def page(home):
    return home.add_child(instance=StandardPage(title="About", slug="about"))


@pytest.fixture
def warnings_of(signed_in, administrator, page):
    """Save the page in the admin, and return the warnings that are shown then."""

    def save(**fields):
        form = {"title": "About", "slug": "about", "featured_alt": "", "body-count": "0",
                "comments-TOTAL_FORMS": "0", "comments-INITIAL_FORMS": "0"}  # fmt: skip
        address = reverse("wagtailadmin_pages:edit", args=[page.pk])
        answer = signed_in(administrator).post(address, form | fields, follow=True)
        said = answer.context["messages"]
        assert any(message.level_tag == "success" for message in said), answer.text
        return [str(message) for message in said if message.level_tag == "warning"]

    return save


def in_body(picture, words=""):
    return {
        "body-count": "1", "body-0-deleted": "", "body-0-order": "0", "body-0-type": "picture",
        "body-0-id": "", "body-0-value-image": picture.pk, "body-0-value-alt": words,
        "body-0-value-caption": "",
    }  # fmt: skip


def test_picture_without_words_is_pointed_at_when_its_page_is_published(warnings_of, picture):
    publish = {"action-publish": "1"}

    assert "no alternative text" in warnings_of(featured_image=picture.pk, **publish)[0]
    assert "no alternative text" in warnings_of(**in_body(picture), **publish)[0]
    assert warnings_of(featured_image=picture.pk) == []
    assert warnings_of(**publish) == []


def test_words_of_the_page_or_of_the_library_are_enough(warnings_of, picture):
    publish = {"action-publish": "1"}

    assert warnings_of(featured_image=picture.pk, featured_alt="A view", **publish) == []
    assert warnings_of(**in_body(picture, "A view"), **publish) == []
    type(picture).objects.filter(pk=picture.pk).update(is_decorative=True)
    assert warnings_of(featured_image=picture.pk, **publish) == []
    type(picture).objects.update(is_decorative=False, description="A view")
    assert warnings_of(**in_body(picture), **publish) == []
