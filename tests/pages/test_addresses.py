"""Published versions keep their addresses, whatever is done to their page or those above it."""

import json

import pytest
from django.core.exceptions import ValidationError
from django.db.models import ProtectedError
from django.urls import reverse
from wagtail.models import APIToken, Page, PageLogEntry, PageViewRestriction

from pages.models import PolicyPage, StandardPage
from pages.services.content import make_page
from tests.pages.test_publishing import edit

pytestmark = pytest.mark.django_db
REST = "/wp-json/candour/v1/policies"


@pytest.fixture
def section(home):
    return make_page(home, StandardPage(title="Section", slug="section"))


@pytest.fixture
def other(home):
    return make_page(home, StandardPage(title="Other", slug="other"))


@pytest.fixture
def policy(publish, section):
    return publish("Words.", kind="terms", parent=section)[0]


@pytest.fixture
def translation(publish, policy, chinese_home):
    return publish(
        "文字。", parent=chinese_home, title="条款", kind="terms", translation_of=policy
    )[0]


@pytest.fixture
def program(client, administrator):
    token = APIToken.generate_token()
    APIToken.objects.create(
        user=administrator, name="Program", key_hash=APIToken.hash_token(token), prefix=token[:16]
    )
    client.defaults["HTTP_AUTHORIZATION"] = f"Bearer {token}"

    def ask(method, path, **body):
        return getattr(client, method)(
            f"/api/v3/pages/{path}", json.dumps(body), content_type="application/json"
        )

    return ask


def stays(policy, visitor):
    page = PolicyPage.objects.get(pk=policy.pk)
    return (
        page.url == "/section/privacy-policy/"
        and visitor.get(f"{page.url}versions/1/").status_code == 200
    )


@pytest.mark.parametrize("which", ["policy", "section"])
def test_page_and_those_above_it_keep_their_slugs_in_every_way(
    request, which, policy, section, visitor, signed_in, administrator, program
):
    page = request.getfixturevalue(which)
    sentence = "keep their addresses"

    client = signed_in(administrator)
    if which == "policy":
        shown = edit(client, page, "Other words.", slug="elsewhere").text
    else:
        form = {"title": "Section", "slug": "elsewhere", "body-count": "0", "featured_alt": "",
                "action-publish": "1", "comments-TOTAL_FORMS": "0",
                "comments-INITIAL_FORMS": "0"}  # fmt: skip
        shown = client.post(reverse("wagtailadmin_pages:edit", args=[page.pk]), form).text
    answer = program("patch", f"{page.pk}/", slug="elsewhere", action="publish")
    page.refresh_from_db()
    page.slug = "elsewhere"
    with pytest.raises(ValidationError, match=sentence):
        page.save_revision().publish()

    assert sentence in shown
    assert (answer.status_code, sentence in answer.text) == (422, True)
    assert stays(policy, visitor)


@pytest.mark.parametrize("which", ["policy", "section", "translation"])
def test_moving_is_refused_in_every_way(
    request, which, policy, other, visitor, signed_in, administrator, program
):
    page = request.getfixturevalue(which)
    before, client = page.url_path, signed_in(administrator)

    single = reverse("wagtailadmin_pages:move_confirm", args=[page.pk, other.pk])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "move"])
    assert "keep their addresses" in client.post(single, follow=True).text
    answer = client.post(f"{bulk}?id={page.pk}", {"chooser": other.pk}, follow=True)
    # Wagtail itself moves no page below one of another language.
    assert "keep their addresses" in answer.text or "cannot be moved" in answer.text
    answer = program(
        "post", f"{page.pk}/actions/move/", destination_id=other.pk, position="last-child"
    )
    assert answer.status_code == (403 if which == "translation" else 422), answer.text
    with pytest.raises(ValidationError, match="keep their addresses"):
        page.move(other, pos="last-child")

    page.refresh_from_db()
    assert page.url_path == before
    assert stays(policy, visitor)


def test_pages_may_change_their_order(policy, section, publish):
    second, _ = publish("Words.", kind="other", title="Other rules", parent=section)

    second.move(policy, pos="left")

    assert [page.pk for page in section.get_children()] == [second.pk, policy.pk]


@pytest.mark.parametrize("which", ["policy", "section", "translation"])
def test_deleting_is_refused_in_every_way_and_leads_to_unpublishing(
    request, which, policy, visitor, signed_in, administrator, program
):
    page, client = request.getfixturevalue(which), signed_in(administrator)

    single = reverse("wagtailadmin_pages:delete", args=[page.pk])
    bulk = reverse("wagtail_bulk_action", args=["wagtailcore", "page", "delete"])
    for address in (single, f"{bulk}?id={page.pk}"):
        answer = client.post(address, follow=True)
        assert "cannot be deleted" in answer.text
        assert answer.redirect_chain[-1][0] == reverse(
            "wagtailadmin_pages:unpublish", args=[page.pk]
        )
    answer = program("delete", f"{page.pk}/")
    assert (answer.status_code, "cannot be deleted" in answer.text) == (409, True)
    with pytest.raises(ProtectedError):
        page.delete()

    assert Page.objects.filter(pk=page.pk).exists()
    assert not PageLogEntry.objects.filter(action="wagtail.delete").exists()
    assert stays(policy, visitor)


def test_page_without_a_version_moves_changes_its_slug_and_goes(home, other, signed_in, editor):
    draft = PolicyPage(title="Draft", slug="draft", kind="other", live=False)
    home.add_child(instance=draft)

    draft.slug = "better"
    draft.save_revision()
    draft.save()
    draft.move(other, pos="last-child")
    draft.refresh_from_db()
    assert draft.url_path.endswith("/other/better/")

    Page.objects.get(pk=draft.pk).delete()
    assert not PolicyPage.objects.exists()


def test_alias_is_a_second_address_and_goes_again(publish, visitor, home):
    page, version = publish("First.")
    alias = page.create_alias(update_slug="alias")
    publish("Second.")

    assert "Second." in visitor.get(alias.url).text
    assert "First." in visitor.get(f"{alias.url}versions/1/").text
    assert version.document.versions.count() == 2
    Page.objects.get(pk=alias.pk).delete()
    assert visitor.get("/alias/").status_code == 404


def test_unpublished_policy_is_gone_for_visitors_and_stays_on_record(policy, visitor, post):
    policy.unpublish()

    assert visitor.get("/section/privacy-policy/").status_code == 404
    assert visitor.get(f"{REST}/privacy-policy/versions/1").json()["number"] == 1
    assert "privacy-policy" not in visitor.get("/").text


def test_nobody_is_asked_for_a_policy_that_cannot_be_read(publish, visitor, post):
    page, _ = publish("Rules.", kind="terms", acceptance="acceptance", triggers=["comment"])
    assert "agree-privacy-policy-1" in visitor.get(post.get_url()).text

    page.refresh_from_db()
    page.unpublish()

    assert "agree-privacy-policy-1" not in visitor.get(post.get_url()).text


def test_policy_below_a_private_page_is_no_public_record(policy, section, visitor):
    PageViewRestriction.objects.create(page=section, restriction_type="login")

    assert visitor.get(policy.url).status_code == 302
    for path in ("", "/versions", "/versions/1", "/in-force", "/diff?from=1&to=1"):
        assert visitor.get(f"{REST}/privacy-policy{path}").status_code == 404, path
    assert visitor.get(REST).json() == []
    assert "Privacy policy" not in visitor.get(f"{REST}/feed").text
    assert "Privacy policy" not in visitor.get("/").text


def test_policy_itself_cannot_be_made_private(policy):
    assert policy.private_page_options == []
