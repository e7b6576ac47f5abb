"""No list of the admin and no answer of the API shows an address to who may not unmask."""

from collections.abc import Iterator

import pytest
from django.urls import URLPattern, URLResolver, get_resolver
from django.urls.resolvers import RoutePattern
from django.utils import timezone

from accounts.services import EDITORS, MODERATORS, create_application_password, create_user
from comments.models import Follower, IllegalContentReport
from comments.services import NewComment, submit_comment
from core.rest.declare import rest_routes
from pages.models import NoticeSubscriber
from privacy import disclosures, services
from privacy.models import DataRequest, Kind
from tests.api.test_reading import basic

pytestmark = pytest.mark.django_db
NORA, NETWORK, LOGIN = "nora.lind@example.org", "198.51.100.77", "nora.lind"


@pytest.fixture
def held(post, administrator):
    """Everything that lists may show of Nora."""
    create_user(username=LOGIN, email=NORA, password="pass", display_name="Nelly")
    comment = submit_comment(
        NewComment(target_id=post.pk, text="A word.", author_name="Nelly", author_email=NORA,
                   ip_address=NETWORK)
    )  # fmt: skip
    Follower.objects.create(target_id=post.pk, email=NORA, language="en")
    IllegalContentReport.objects.create(
        comment=comment, name="Nelly", email=NORA, explanation="x", about="other", reference="R-1"
    )
    NoticeSubscriber.objects.create(email=NORA, language="en")
    for kind in Kind:
        request = services.new_request(kind, NORA, "en")
        request.confirmed_at = timezone.now()
        request.state = "confirmed"
        request.save()
    disclosures.record_disclosure(
        email=NORA, authority="Court", basis="Order", what="All", by=administrator,
        disclosed_on=timezone.localdate(),
    )  # fmt: skip
    assert DataRequest.objects.count() == len(Kind)


def admin_paths(patterns, base: str) -> Iterator[str]:
    """Yield the path of every page of the admin that needs no number."""
    for each in patterns:
        if not isinstance(each.pattern, RoutePattern) or each.pattern.converters:
            continue
        path = f"{base}{each.pattern._route}"
        if isinstance(each, URLResolver):
            yield from admin_paths(each.url_patterns, path)
        elif isinstance(each, URLPattern) and not path.endswith(("logout/", "failwhale/")):
            yield path


def admin_patterns():
    (admin,) = [
        each for each in get_resolver().url_patterns
        if isinstance(each, URLResolver) and str(each.pattern) == "admin/"
    ]  # fmt: skip
    return admin.url_patterns


def test_no_list_of_the_admin_shows_an_address(held, signed_in, administrator):
    browser, shown = signed_in(administrator), {}
    paths = sorted(set(admin_paths(admin_patterns(), "/admin/")))
    for path in paths:
        answer = browser.get(path)
        if answer.status_code == 200 and not answer.streaming:
            shown[path] = answer.content.decode(errors="replace")

    leaks = [path for path, text in shown.items() for word in (LOGIN, NETWORK) if word in text]
    assert leaks == []
    assert {"/admin/users/", "/admin/visitor-comments/", "/admin/data-requests/",
            "/admin/data-registers/disclosures/"} <= shown.keys()  # fmt: skip


def test_no_answer_of_the_api_shows_an_address_to_who_may_not_unmask(held, visitor):
    clerk = create_user(
        username="clerk", email="clerk@example.net", password="pass", groups=[EDITORS, MODERATORS]
    )
    key = basic(clerk, create_application_password(clerk, "Tests")[1])
    shown = {}
    for route in rest_routes:
        if "(?P<" in route.pattern or not any("GET" in each.methods for each in route.endpoints):
            continue
        for query in ("", "?context=edit", "?status=any&context=edit", "?status=all"):
            answer = visitor.get(f"/wp-json{route.pattern}{query}", headers=key)
            if not answer.streaming:
                shown[f"{route.pattern}{query}"] = answer.content.decode(errors="replace")

    leaks = [path for path, text in shown.items() for word in (LOGIN, NETWORK) if word in text]
    assert leaks == []
    assert "n***@e***" in shown["/wp/v2/comments?status=any&context=edit"]
