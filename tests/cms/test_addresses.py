import re

import pytest
from django.core import mail
from django.urls import reverse

SITE = "https://shop.example"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def public_address(settings):
    settings.SITE_URL = SITE


def addresses(words):
    return set(re.findall(r"https?://[^/\s\"<&]+", words))


def test_every_page_says_where_it_is_really_read(visitor, post, publish, home):
    publish("We keep little.", kind="privacy", title="Privacy")

    for path, address in (
        ("/", f"{SITE}/"),
        (post.get_url(), f"{SITE}{post.get_url()}"),
        ("/privacy/", f"{SITE}/privacy/"),
    ):
        page = visitor.get(path).content.decode()
        assert f'<link rel="canonical" href="{address}">' in page
    assert f'hreflang="en" href="{SITE}/"' in visitor.get("/").content.decode()


def test_sitemap_and_feeds_lead_to_the_site(visitor, post):
    for path in ("/sitemap.xml", "/feed/", "/comments/feed/"):
        words = visitor.get(path).content.decode()
        assert SITE in addresses(words), path
        assert not {each for each in addresses(words) if "localhost" in each or ".com" in each}


def test_mails_about_accounts_name_the_site_and_not_the_host_that_was_asked(visitor, home):
    visitor.post(
        reverse("account_signup"),
        {"email": "new@example.org", "password1": "a-long-pass-4711",
         "password2": "a-long-pass-4711", "age": "adult"},
        headers={"Host": "elsewhere.example"},
    )  # fmt: skip
    visitor.post(
        reverse("account_reset_password"), {"email": "new@example.org"},
        headers={"Host": "elsewhere.example"},
    )  # fmt: skip

    assert len(mail.outbox) == 2
    for each in mail.outbox:
        assert each.subject.startswith("[Test site] ")
        assert addresses(each.body) == {SITE}
        assert "example.com" not in each.body + each.subject
        assert "elsewhere" not in each.body
