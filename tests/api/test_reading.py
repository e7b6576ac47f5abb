import base64

import pytest

from accounts.services import create_application_password
from core.rest.authentication import rest_nonce
from media.models import SiteImage
from pages.models import Category, PolicyVersion
from tests.media.leaks import faults_of

pytestmark = pytest.mark.django_db
POSTS = "/wp-json/wp/v2/posts"


def basic(user, password):
    token = base64.b64encode(f"{user.username}:{password}".encode()).decode()
    return {"authorization": f"Basic {token}"}


@pytest.fixture
def key(editor):
    return basic(editor, create_application_password(editor, "Tests")[1])


def ids(answer):
    return [item["id"] for item in answer.json()]


def test_paging_headers_lead_to_the_neighbours(visitor, make_post):
    for number in range(5):
        make_post(f"Post {number}")

    answer = visitor.get(f"{POSTS}?per_page=2&page=2&_fields=id")

    assert answer.headers["X-WP-Total"] == "5"
    assert answer.headers["X-WP-TotalPages"] == "3"
    assert 'page=1&_fields=id>; rel="prev"' in answer.headers["Link"]
    assert 'per_page=2&page=3&_fields=id>; rel="next"' in answer.headers["Link"]
    assert all(list(item) == ["id"] for item in answer.json())


def test_head_answers_the_headers_of_get(visitor, post):
    head, got = visitor.head(POSTS), visitor.get(POSTS)

    assert head.content == b""
    assert head.headers["X-WP-Total"] == got.headers["X-WP-Total"]


def test_embed_brings_author_picture_and_terms_once(visitor, make_post, image):
    tea = Category.objects.create(name="Tea", slug="tea")
    make_post(featured_image=image, terms={"categories": [tea]})

    item = visitor.get(f"{POSTS}?_embed=author,wp:featuredmedia,wp:term").json()[0]

    assert item["_embedded"]["author"][0]["name"] == "Edith"
    assert item["_embedded"]["wp:featuredmedia"][0]["source_url"].endswith(".jpg")
    assert item["_embedded"]["wp:term"][0][0]["slug"] == "tea"
    assert "replies" not in item["_embedded"]


def test_envelope_fields_and_jsonp(visitor, post):
    enveloped = visitor.get(f"{POSTS}?_envelope&_fields=id").json()
    assert enveloped["body"] == [{"id": post.pk}]
    assert enveloped["headers"]["X-WP-Total"] == 1
    nested = visitor.get(f"{POSTS}?_fields[]=id&_fields[]=title.rendered").json()[0]
    assert nested == {"id": post.pk, "title": {"rendered": "A post"}}
    assert visitor.get(f"{POSTS}?_jsonp=cb&_fields=id").content.startswith(b"/**/cb([")
    assert visitor.get(f"{POSTS}?_jsonp=alert(1)").status_code == 400


def test_filters_find_what_they_say(visitor, make_post, editor):
    tea = Category.objects.create(name="Tea", slug="tea")
    one = make_post("About kettles", terms={"categories": [tea]}, is_sticky=True)
    two = make_post("About bowls", body=[("paragraph", "<p>A rare word: quokka.</p>")])

    assert ids(visitor.get(f"{POSTS}?search=quokka")) == [two.pk]
    assert ids(visitor.get(f"{POSTS}?categories={tea.pk}")) == [one.pk]
    assert ids(visitor.get(f"{POSTS}?categories_exclude={tea.pk}")) == [two.pk]
    assert ids(visitor.get(f"{POSTS}?sticky=true")) == [one.pk]
    assert ids(visitor.get(f"{POSTS}?slug=about-bowls")) == [two.pk]
    assert ids(visitor.get(f"{POSTS}?author={editor.pk}&orderby=id&order=asc")) == [one.pk, two.pk]
    assert ids(visitor.get(f"{POSTS}?include={two.pk},{one.pk}&orderby=include")) == [
        two.pk,
        one.pk,
    ]
    assert ids(visitor.get(f"{POSTS}?after=2030-01-01T00:00:00")) == []


def test_list_costs_the_same_queries_for_any_length(visitor, make_post):
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    def cost():
        with CaptureQueriesContext(connection) as context:
            assert visitor.get(f"{POSTS}?per_page=50").status_code == 200
        return len(context)

    make_post("One")
    cost()
    few = cost()
    for number in range(8):
        make_post(f"More {number}")

    cost()
    assert cost() == few


def test_comments_cannot_be_searched_by_address(visitor, post, moderator):
    from comments.services import NewComment, submit_comment

    submit_comment(NewComment(target_id=post.pk, text="Words.", user=moderator))

    assert visitor.get("/wp-json/wp/v2/comments?search=moderator@").json() == []
    assert len(visitor.get("/wp-json/wp/v2/comments?search=Words").json()) == 1


def test_sign_in_names_are_shown_to_nobody(visitor, post, editor):
    for path in ("users", f"users/{editor.pk}", "posts?_embed"):
        text = visitor.get(f"/wp-json/wp/v2/{path}").content.decode()
        assert '"editor"' not in text
        assert "editor@example.org" not in text


def test_image_uploaded_raw_is_stored_without_its_place(visitor, key, jpeg, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    answer = visitor.post(
        "/wp-json/wp/v2/media", jpeg, content_type="image/jpeg",
        headers={**key, "content-disposition": 'attachment; filename="harbour.jpg"'},
    )  # fmt: skip

    assert answer.status_code == 201, answer.content
    image = SiteImage.objects.get(pk=answer.json()["id"])
    with image.file.open("rb") as file:
        assert faults_of(jpeg, file.read()) == []
    assert visitor.get(f"/wp-json/wp/v2/media/{image.pk}").status_code == 200


def test_other_formats_are_refused_in_words_and_nothing_is_stored(visitor, key, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path

    answer = visitor.post(
        "/wp-json/wp/v2/media", b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom", content_type="image/png",
        headers={**key, "content-disposition": 'attachment; filename="a.png"'},
    )  # fmt: skip

    assert answer.status_code == 500
    assert answer.json()["code"] == "rest_upload_sideload_error"
    assert "JPEG" in answer.json()["message"]
    assert not SiteImage.objects.exists()


def test_application_password_needs_the_right_name(visitor, editor, stranger):
    password = create_application_password(editor, "Tests")[1]

    assert (
        visitor.get("/wp-json/wp/v2/users/me", headers=basic(editor, password)).status_code == 200
    )
    assert (
        visitor.get("/wp-json/wp/v2/users/me", headers=basic(stranger, password)).status_code == 401
    )


def test_session_counts_only_with_its_nonce(editor, stranger, signed_in):
    client = signed_in(editor)
    me = "/wp-json/wp/v2/users/me"

    assert client.get(me).status_code == 401
    assert client.get(me, headers={"x-wp-nonce": rest_nonce(editor)}).json()["id"] == editor.pk
    assert client.get(me, headers={"x-wp-nonce": rest_nonce(stranger)}).status_code == 403


def test_moderator_approves_over_rest(visitor, post, moderator):
    from comments.services import NewComment, submit_comment

    comment = submit_comment(
        NewComment(target_id=post.pk, text="Held.", author_name="N", author_email="n@example.org")
    )
    address = f"/wp-json/wp/v2/comments/{comment.pk}"
    key = basic(moderator, create_application_password(moderator, "Tests")[1])

    assert visitor.post(address, {"status": "approved"}).status_code == 401
    assert visitor.post(address, {"status": "approved"}, headers=key).status_code == 200
    assert visitor.get(address).status_code == 200


def test_policies_in_pages_show_the_version_in_force(visitor, publish):
    page, _ = publish("Frozen words.")
    type(page).objects.filter(pk=page.pk).update(title="Changed behind the back")

    item = visitor.get(f"/wp-json/wp/v2/pages/{page.pk}").json()

    assert item["title"]["rendered"] == "Privacy policy"
    assert "Frozen words." in item["content"]["rendered"]


def test_policy_versions_over_rest(visitor, publish):
    from datetime import timedelta

    from django.utils import timezone

    publish("One.")
    switch = timezone.now() + timedelta(days=20)
    publish("Two.", effective_at=switch)
    base = "/wp-json/candour/v1/policies/privacy-policy"

    assert visitor.get(f"{base}/in-force").json()["number"] == 1
    assert (
        visitor.get(f"{base}/in-force?at={switch.isoformat()}".replace("+", "%2B")).json()["number"]
        == 2
    )
    assert visitor.get(f"{base}/in-force?at=2001-01-01T00:00:00Z").status_code == 404
    assert visitor.get(f"{base}/in-force?at=2999-01-01T00:00:00Z").status_code == 416
    answer = visitor.get(f"{base}/versions/2")
    assert answer.json()["status"] == "announced"
    assert 'rel="predecessor-version"' in answer.headers["Link"]
    assert answer.json()["previous_sha256"] == PolicyVersion.objects.get(number=1).sha256
    assert visitor.get(f"{base}/versions").headers["X-WP-Total"] == "2"
    assert visitor.get("/wp-json/candour/v1/policies/none").status_code == 404


def test_language_is_chosen_by_lang(visitor, post, chinese_home):
    assert visitor.get(f"{POSTS}?lang=zh-hans").json() == []
    assert len(visitor.get(f"{POSTS}?lang=nonsense").json()) == 1
