import pytest

from pages.destinations import paths_that_lead

pytestmark = pytest.mark.django_db


def test_pages_views_and_what_routable_pages_show_lead_somewhere(publish):
    page, _ = publish("Words.")
    address = page.get_url()
    right = {address, address.rstrip("/"), f"{address}versions/1/", "/", "/privacy/requests/"}

    assert paths_that_lead([*right, "/site-policy", "/gone/", f"/gone{address}"]) == right
