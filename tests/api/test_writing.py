"""Posts and pages written over wp/v2: what WordPress answers, and what Wagtail keeps of it."""

import base64
from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone
from wagtail.models import Page, PageLogEntry, PageViewRestriction, Revision

from accounts.services import (
    AUTHORS,
    CONTRIBUTORS,
    create_application_password,
    create_user,
)
from pages.models import Category, PolicyPage, PostPage, StandardPage, Tag
from pages.slugs import has_none_yet
from pages.statuses import status_of
from pages.tasks import publish_scheduled
from tests.api.shapes import differences, recorded
from tests.pages.made import publish_at

pytestmark = pytest.mark.django_db
POSTS, PAGES = "/wp-json/wp/v2/posts", "/wp-json/wp/v2/pages"


class Writer:
    """A REST client that signs in with an application password, or nobody."""

    def __init__(self, client, user=None):
        self.client, self.user = client, user
        self.headers = {}
        if user is not None:
            password = create_application_password(user, "Tests")[1]
            token = base64.b64encode(f"{user.username}:{password}".encode()).decode()
            self.headers = {"authorization": f"Basic {token}"}

    def send(self, method, path, body=None):
        return self.client.generic(
            method, path, *([self.client._encode_json(body, "application/json")] if body is not None
                            else []),
            content_type="application/json", headers=self.headers,
        )  # fmt: skip

    def post(self, path, body=None):
        return self.send("POST", path, {} if body is None else body)

    def put(self, path, body):
        return self.send("PUT", path, body)

    def delete(self, path):
        return self.send("DELETE", path)

    def get(self, path):
        return self.send("GET", path)


@pytest.fixture
def writer(client):
    return lambda user=None: Writer(client, user)


@pytest.fixture
def admin(writer, administrator, journal):
    return writer(administrator)


@pytest.fixture
def author(home):
    return create_user(username="author", email="author@example.org", password="pass",
                       display_name="Aude", groups=[AUTHORS])  # fmt: skip


@pytest.fixture
def contributor(home):
    return create_user(username="contributor", email="contributor@example.org", password="pass",
                       display_name="Cora", groups=[CONTRIBUTORS])  # fmt: skip


def stored(answer):
    return PostPage.objects.get(pk=answer.json()["id"])


def error_of(answer):
    return answer.status_code, answer.json()["code"]


def test_life_of_a_post_is_answered_as_recorded(admin, samples):
    category = Category.objects.create(name="News", slug="news")
    steps = (
        ("post_create_draft", "POST", POSTS, {"title": "Made over REST", "content": "Body & text"}),
        ("post_publish", "PUT", "", {"status": "publish", "slug": "made-over-rest",
                                     "excerpt": "Short", "categories": [category.pk],
                                     "date": "2026-02-03T04:05:06"}),
        ("post_autosave", "POST", "/autosaves", {"title": "Autosaved",
                                                 "content": "Autosaved body"}),
        ("post_revisions", "GET", "/revisions?per_page=2", None),
        ("post_trash", "DELETE", "", None),
        ("post_trash_again", "DELETE", "", None),
        ("post_delete_force", "DELETE", "?force=true", None),
    )  # fmt: skip
    path = ""
    for name, method, rest, body in steps:
        theirs = recorded(samples, "writes-as-admin", name)

        answer = admin.send(method, rest if rest == POSTS else f"{path}{rest}", body)

        assert answer.status_code == theirs["status"], (name, answer.json())
        assert answer.headers.get("Allow") == theirs["headers"].get("Allow"), name
        assert ("Location" in answer.headers) == ("Location" in theirs["headers"])
        for header in ("X-WP-Total", "X-WP-TotalPages"):
            assert answer.headers.get(header) == theirs["headers"].get(header), name
        if theirs["status"] == 410:
            assert answer.json() == theirs["body"]
        if name == "post_create_draft":
            path = f"{POSTS}/{answer.json()['id']}"
        if name in {"post_autosave", "post_revisions"}:
            assert differences(answer.json(), theirs["body"]) == [], name


@pytest.mark.parametrize(
    "name",
    ["bad_json_body_as_admin", "create_post_without_auth", "create_page_without_auth",
     "post_empty_as_admin", "post_bad_status_as_admin", "post_bad_author_as_admin",
     "post_sticky_and_password_as_admin", "wrong_application_password_create"],
)  # fmt: skip
def test_mistake_is_answered_as_recorded(name, samples, admin, client):
    theirs = recorded(samples, "errors", name)
    request = theirs["request"]
    who = admin if request.get("auth", "").startswith("admin") else Writer(client)
    body = request["raw"].encode() if "raw" in request else None

    answer = (
        client.generic("POST", request["path"], body, content_type="application/json",
                       headers=who.headers)
        if body is not None
        else who.send(request["method"], request["path"], request["json"])
    )  # fmt: skip

    assert answer.status_code == theirs["status"]
    assert answer.json() == theirs["body"]
    assert answer.headers.get("Allow") == theirs["headers"].get("Allow")


@pytest.mark.parametrize("method", ["POST", "DELETE"])
def test_stranger_may_not_touch_a_post_as_recorded(method, samples, writer, post):
    name = {"POST": "update_post_without_auth", "DELETE": "delete_post_without_auth"}[method]
    theirs = recorded(samples, "errors", name)

    answer = writer().send(method, f"{POSTS}/{post.pk}", {"title": "x"})

    assert (answer.status_code, answer.json()) == (theirs["status"], theirs["body"])
    assert answer.headers["Allow"] == theirs["headers"]["Allow"]


def test_picture_that_is_not_there_is_left_aside_as_recorded(admin, samples):
    theirs = recorded(samples, "errors", "post_bad_featured_media_as_admin")

    answer = admin.post(POSTS, {"title": "x", "featured_media": 999999})

    assert answer.status_code == theirs["status"]
    assert answer.json()["featured_media"] == theirs["body"]["featured_media"]


@pytest.mark.parametrize("kind", ["post", "page"])
def test_options_are_those_recorded(kind, samples, writer, admin, client, home, settings):
    settings.SITE_URL = "http://example.test"
    theirs = recorded(samples, f"options-{kind}s", "collection")
    path = f"/wp-json/wp/v2/{kind}s"

    answer = client.options(path)

    ours, body = answer.json(), theirs["body"]
    assert list(ours) == list(body)
    assert ours["schema"] == body["schema"]
    assert list(ours["schema"]["properties"]) == list(body["schema"]["properties"])
    assert ours["endpoints"][1] == body["endpoints"][1]
    assert list(ours["endpoints"][1]["args"]) == list(body["endpoints"][1]["args"])
    assert answer.headers["Allow"] == theirs["headers"]["Allow"]
    assert admin.send("OPTIONS", path).headers["Allow"] == recorded(
        samples, f"options-{kind}s", "collection_as_admin_allow"
    )


@pytest.mark.parametrize("kind", ["post", "page"])
def test_options_of_an_item_are_those_recorded(kind, samples, admin, client, post, home):
    page = home.add_child(instance=StandardPage(title="About", slug="about"))
    theirs = recorded(samples, f"options-{kind}s", "item")
    path = f"/wp-json/wp/v2/{kind}s/{post.pk if kind == 'post' else page.pk}"

    answer = client.options(path)

    found = [(each["methods"], sorted(each["args"])) for each in answer.json()["endpoints"]]
    wanted = [(each["methods"], each["args"]) for each in theirs["endpoints"]]
    assert found[1:] == wanted[1:]
    assert answer.headers["Allow"] == theirs["headers"]["Allow"]
    assert admin.send("OPTIONS", path).headers["Allow"] == recorded(
        samples, f"options-{kind}s", "item_as_admin_allow"
    )


@pytest.mark.parametrize("kind", ["posts", "pages"])
@pytest.mark.parametrize(
    "route",
    ["/(?P<parent>[\\d]+)/revisions", "/(?P<parent>[\\d]+)/revisions/(?P<id>[\\d]+)",
     "/(?P<id>[\\d]+)/autosaves", "/(?P<parent>[\\d]+)/autosaves/(?P<id>[\\d]+)"],
)  # fmt: skip
def test_revisions_are_described_as_recorded(kind, route, samples, client, home):
    pattern = f"/wp/v2/{kind}{route}"
    theirs = recorded(samples, "index", "body", "routes", pattern)

    ours = client.get("/wp-json/").json()["routes"][pattern]

    assert ours["endpoints"] == theirs["endpoints"]


def test_draft_without_a_slug_gets_one_when_it_is_published(admin):
    answer = admin.post(POSTS, {"title": "Crème brûlée & 茶"})
    assert has_none_yet(stored(answer).slug)
    assert status_of(stored(answer)) == "draft"
    path = f"{POSTS}/{answer.json()['id']}"

    admin.put(path, {"status": "publish"})

    assert stored(answer).slug == "creme-brulee-茶"
    assert status_of(stored(answer)) == "publish"


def test_draft_that_is_published_in_the_admin_gets_slug_and_date_too(admin):
    answer = admin.post(POSTS, {"title": "By hand"})
    before = timezone.now()

    stored(answer).get_latest_revision().publish(skip_permission_checks=True)

    assert stored(answer).slug == "by-hand"
    assert stored(answer).published_at >= before
    assert not stored(answer).date_floats


def test_slugs_are_counted_up_as_in_wordpress(admin):
    made = [admin.post(POSTS, {"title": "Same", "status": "publish"}) for _ in range(3)]
    assert [stored(each).slug for each in made] == ["same", "same-2", "same-3"]
    draft = admin.post(POSTS, {"title": "x", "slug": "Same thing / other"})
    assert stored(draft).slug == "same-thing-other"
    assert stored(admin.post(POSTS, {"title": "y", "slug": "same"})).slug == "same-4"
    page = admin.post(PAGES, {"title": "2026", "status": "publish"}).json()["id"]
    assert StandardPage.objects.get(pk=page).slug == "2026-2"


def test_every_field_is_kept(admin, image, editor):
    tea, tag = Category.objects.create(name="Tea"), Tag.objects.create(name="How to")
    answer = admin.post(POSTS, {
        "title": {"raw": "Title"}, "content": {"raw": "Words"}, "excerpt": {"raw": "Short"},
        "status": "pending", "date_gmt": "2026-05-06T07:08:09", "slug": "chosen",
        "author": editor.pk, "featured_media": image.pk, "comment_status": "closed",
        "ping_status": "open", "format": "quote", "sticky": True, "template": "",
        "categories": [tea.pk, 999999], "tags": [tag.pk], "meta": {},
    })  # fmt: skip

    post = stored(answer)
    assert answer.status_code == 201
    assert (post.title, post.raw_content, post.excerpt) == ("Title", "Words", "Short")
    assert "Words" in post.rendered_body
    assert status_of(post) == "pending"
    assert post.published_at == datetime(2026, 5, 6, 7, 8, 9, tzinfo=UTC)
    assert (post.slug, post.author, post.owner) == ("chosen", editor, editor)
    assert post.featured_image_id == image.pk
    assert (post.comments_open, post.pings_open, post.format) == (False, True, "quote")
    assert post.is_sticky
    assert [term.pk for term in post.categories.all()] == [tea.pk]
    assert [term.pk for term in post.tags.all()] == [tag.pk]


def test_scripts_never_reach_visitors(admin, client):
    bad = "<script>alert(1)</script><p onclick='x()'>Fine</p><a href='javascript:x()'>go</a>"
    answer = admin.post(POSTS, {"title": "x", "content": bad, "status": "publish"})

    shown = client.get(f"{POSTS}/{answer.json()['id']}").json()["content"]["rendered"]
    page = client.get(stored(answer).path_of_its_own).content.decode()

    assert stored(answer).raw_content == bad
    assert "Fine" in shown
    for text in (shown, page.split("<article", 1)[-1].split("</article>")[0]):
        assert "alert(1)" not in text
        assert "onclick" not in text
        assert "javascript:" not in text


def test_title_may_be_empty_where_there_is_something_else(admin):
    answer = admin.post(POSTS, {"content": "Only words", "status": "publish"})

    assert answer.status_code == 201
    assert stored(answer).slug == str(answer.json()["id"])
    assert stored(answer).get_admin_display_title()


def test_date_to_come_schedules_and_the_task_publishes(admin, client, settings):
    moment = (timezone.now() + timedelta(days=1)).replace(microsecond=0)
    answer = admin.post(
        POSTS, {"title": "Later", "status": "publish", "date_gmt": moment.isoformat()[:19]}
    )
    post = stored(answer)
    assert (status_of(post), post.live, post.go_live_at) == ("future", False, moment)
    assert client.get(f"{POSTS}/{post.pk}").status_code == 401

    assert admin.put(f"{POSTS}/{post.pk}", {"title": "Later still"}).status_code == 200
    assert status_of(post) == "future"
    Revision.objects.filter(approved_go_live_at__isnull=False).update(
        approved_go_live_at=timezone.now()
    )
    revision = stored(answer).latest_revision
    revision.content["go_live_at"] = timezone.now().isoformat()
    revision.content["published_at"] = timezone.now().isoformat()
    revision.save()
    publish_scheduled.func()

    assert status_of(post) == "publish"
    assert stored(answer).title == "Later still"


def test_published_post_with_a_date_to_come_is_taken_away_until_then(admin, post, client):
    moment = (timezone.now() + timedelta(days=2)).replace(microsecond=0)

    admin.put(f"{POSTS}/{post.pk}", {"date_gmt": moment.isoformat()[:19]})

    assert status_of(post) == "future"
    assert client.get(f"{POSTS}/{post.pk}").status_code == 401
    admin.put(f"{POSTS}/{post.pk}", {"status": "draft"})
    assert status_of(post) == "draft"
    assert not Revision.objects.filter(approved_go_live_at__isnull=False).exists()


def test_schedule_for_the_past_is_a_publication(admin):
    answer = admin.post(POSTS, {"title": "Past", "status": "future", "date": "2020-01-01T00:00:00"})
    assert status_of(stored(answer)) == "publish"


def test_private_and_password_stand_before_what_is_published(admin, client, editor, signed_in):
    answer = admin.post(POSTS, {"title": "Ours", "content": "inner", "status": "private"})
    post, path = stored(answer), f"{POSTS}/{answer.json()['id']}"
    assert status_of(post) == "private"
    assert client.get(path).status_code == 401
    assert client.get(post.path_of_its_own).status_code in {302, 403, 404}
    assert signed_in(editor).get(post.path_of_its_own).status_code == 200

    admin.put(path, {"status": "publish", "password": "open sesame"})
    assert status_of(post) == "publish"
    restriction = PageViewRestriction.objects.get(page_id=post.pk)
    assert (restriction.restriction_type, restriction.password) == ("password", "open sesame")
    assert admin.put(path, {"title": "Still"}).status_code == 200
    assert PageViewRestriction.objects.filter(page_id=post.pk).count() == 1
    assert error_of(admin.put(path, {"sticky": True})) == (400, "rest_invalid_field")

    admin.put(path, {"password": ""})
    assert not PageViewRestriction.objects.filter(page_id=post.pk).exists()
    assert client.get(path).status_code == 200


def test_every_write_is_one_revision_by_its_writer_and_shows_in_the_history(
    admin, administrator, post, signed_in
):
    before = post.revisions.count()

    admin.put(f"{POSTS}/{post.pk}", {"title": "Once"})
    admin.put(f"{POSTS}/{post.pk}", {"status": "draft", "title": "Twice"})
    admin.delete(f"{POSTS}/{post.pk}")

    post.refresh_from_db()
    assert post.revisions.count() == before + 3
    assert post.latest_revision.user == administrator
    assert post.latest_revision.content["title"] == "Twice"
    acts = PageLogEntry.objects.filter(page=post.pk, user=administrator)
    assert {"wagtail.publish", "wagtail.unpublish", "wagtail.edit", "pages.trash"} <= {
        *acts.values_list("action", flat=True)
    }
    history = signed_in(administrator).get(f"/admin/pages/{post.pk}/history/")
    assert history.status_code == 200
    made = admin.post(POSTS, {"title": "New", "status": "publish"})
    assert stored(made).revisions.count() == 1


def test_draft_of_an_editor_is_not_published_by_a_write(admin, post, editor):
    post.title = "Half done"
    post.save_revision(user=editor)

    admin.put(f"{POSTS}/{post.pk}", {"excerpt": "Short"})

    post.refresh_from_db()
    assert (post.title, post.excerpt) == ("A post", "Short")
    assert post.revisions.filter(content__title="Half done").exists()


def test_trash_keeps_the_slug_free_and_gives_it_back(admin, post):
    slug = post.slug
    path = f"{POSTS}/{post.pk}"
    assert admin.delete(path).status_code == 200
    post.refresh_from_db()
    assert (status_of(post), post.slug) == ("trash", f"{slug}__trashed")
    assert post.status_before_trash == "publish"
    assert error_of(admin.delete(path)) == (410, "rest_already_trashed")
    assert admin.put(path, {"title": "In the trash", "status": "trash"}).status_code == 200
    assert status_of(post) == "trash"
    other = admin.post(POSTS, {"title": "Other", "slug": slug, "status": "publish"})
    assert stored(other).slug == slug

    admin.put(path, {"status": "publish"})

    post.refresh_from_db()
    assert (status_of(post), post.slug, post.trashed_at) == ("publish", f"{slug}-2", None)


def test_page_that_is_deleted_hands_its_sub_pages_up(admin, home):
    parent = admin.post(PAGES, {"title": "Above", "status": "publish"}).json()["id"]
    child = admin.post(PAGES, {"title": "Below", "status": "publish", "parent": parent})
    assert child.json()["parent"] == parent

    answer = admin.delete(f"{PAGES}/{parent}?force=true")

    assert answer.status_code == 200
    assert answer.json()["deleted"] is True
    assert answer.json()["previous"]["id"] == parent
    below = StandardPage.objects.get(pk=child.json()["id"])
    assert below.get_parent().pk == home.pk
    assert below.live


def test_page_is_moved_and_ordered(admin, home):
    one, two = (
        admin.post(PAGES, {"title": title, "status": "publish"}).json()["id"]
        for title in ("One", "Two")
    )
    admin.put(f"{PAGES}/{two}", {"parent": one, "menu_order": 7})
    page = StandardPage.objects.get(pk=two)
    assert (page.get_parent().pk, page.menu_order) == (one, 7)
    assert error_of(admin.put(f"{PAGES}/{one}", {"parent": two})) == (400, "rest_post_invalid_id")
    assert error_of(admin.put(f"{PAGES}/{one}", {"parent": 999999})) == (
        400, "rest_post_invalid_id",
    )  # fmt: skip
    admin.put(f"{PAGES}/{two}", {"parent": 0})
    assert StandardPage.objects.get(pk=two).get_parent().pk == home.pk
    assert Page.find_problems() == ([], [], [], [], [])


def test_what_wagtail_cannot_express_is_refused(admin):
    above = admin.post(PAGES, {"title": "Above", "status": "publish"}).json()["id"]
    admin.post(PAGES, {"title": "Below", "status": "publish", "parent": above})
    for change in ({"status": "private"}, {"password": "p"}):
        answer = admin.put(f"{PAGES}/{above}", change)
        assert error_of(answer) == (400, "rest_invalid_field")
    hidden = admin.post(PAGES, {"title": "Hidden", "status": "private"}).json()["id"]
    answer = admin.post(PAGES, {"title": "x", "status": "publish", "parent": hidden})
    assert error_of(answer) == (400, "rest_invalid_field")
    assert error_of(admin.post(POSTS, {"title": "x" * 300})) == (400, "rest_invalid_param")
    assert error_of(admin.post(POSTS, {"title": "x", "template": "wide.php"})) == (
        400, "rest_invalid_param",
    )  # fmt: skip


def test_home_page_and_policies_are_not_written(admin, home, publish, writer):
    policy, _version = publish(datetime(2026, 1, 1, tzinfo=UTC), slug="privacy-policy")
    for page in (home, policy):
        assert error_of(admin.put(f"{PAGES}/{page.pk}", {"title": "x"})) == (
            403, "rest_cannot_edit",
        )  # fmt: skip
        assert error_of(admin.delete(f"{PAGES}/{page.pk}?force=true")) == (
            403, "rest_cannot_delete",
        )  # fmt: skip
        assert error_of(writer().put(f"{PAGES}/{page.pk}", {"title": "x"}))[0] == 401


def test_page_above_a_policy_stays_where_and_as_it_is(admin, home):
    above = admin.post(PAGES, {"title": "Legal", "status": "publish"}).json()["id"]
    other = admin.post(PAGES, {"title": "Other", "status": "publish"}).json()["id"]
    publish_at(StandardPage.objects.get(pk=above), datetime(2026, 1, 1, tzinfo=UTC))

    for change in ({"parent": other}, {"slug": "else"}):
        assert error_of(admin.put(f"{PAGES}/{above}", change)) == (403, "rest_cannot_edit")
    for query in ("", "?force=true"):
        assert error_of(admin.delete(f"{PAGES}/{above}{query}")) == (403, "rest_cannot_delete")
    assert admin.put(f"{PAGES}/{above}", {"title": "Words of law"}).status_code == 200
    assert PolicyPage.objects.get().live


def test_locked_post_is_left_alone(admin, post, editor):
    PostPage.objects.filter(pk=post.pk).update(locked=True, locked_by=editor)

    assert error_of(admin.put(f"{POSTS}/{post.pk}", {"title": "x"})) == (403, "rest_cannot_edit")
    assert error_of(admin.delete(f"{POSTS}/{post.pk}")) == (403, "rest_cannot_delete")


def test_bad_input_leaves_nothing_half_done(admin, post, monkeypatch):
    revisions, pages = Revision.objects.count(), Page.objects.count()
    logged = PageLogEntry.objects.count()
    answer = admin.put(
        f"{POSTS}/{post.pk}", {"title": "x" * 300, "password": "p", "status": "draft"}
    )
    assert answer.status_code == 400
    assert admin.post(POSTS, {"title": "x" * 300, "password": "p"}).status_code == 400
    assert (Revision.objects.count(), Page.objects.count()) == (revisions, pages)
    assert PageLogEntry.objects.count() == logged
    assert not PageViewRestriction.objects.exists()
    post.refresh_from_db()
    assert (post.live, post.title) == (True, "A post")


def test_writer_with_id_is_told_that_it_exists(admin, post):
    assert error_of(admin.post(POSTS, {"id": post.pk, "title": "x"})) == (400, "rest_post_exists")
    assert error_of(admin.put(f"{PAGES}/{post.pk}", {"title": "x"})) == (
        404, "rest_post_invalid_id",
    )  # fmt: skip


@pytest.mark.django_db(transaction=True)
def test_answer_to_a_write_tells_what_was_written_whatever_is_remembered(admin, post, client):
    path = f"{POSTS}/{post.pk}"
    assert client.get(path).json()["status"] == "publish"

    made_private = admin.put(path, {"status": "private"}).json()
    assert made_private["status"] == "private"
    assert admin.put(path, {"status": "publish", "password": "p"}).json()["password"] == "p"
    assert client.get(path).json()["content"]["protected"] is True
    assert admin.put(path, {"status": "draft"}).json()["status"] == "draft"
    assert admin.delete(path).json()["status"] == "trash"


def test_categories_are_emptied_where_that_is_asked(admin, post):
    tea = Category.objects.create(name="Tea")
    path = f"{POSTS}/{post.pk}"
    assert admin.put(path, {"categories": [tea.pk]}).json()["categories"] == [tea.pk]
    assert admin.put(path, {"categories": []}).json()["categories"] == []


@pytest.mark.parametrize(
    ("zone", "moment"),
    [("America/New_York", "0001-01-01T00:00:00"), ("Pacific/Auckland", "9999-12-31T23:59:59")],
)
def test_first_and_last_moments_are_shown_by_the_clocks_of_any_zone(admin, zone, moment):
    admin.post("/wp-json/wp/v2/settings", {"timezone": zone})

    answer = admin.post(POSTS, {"title": "x", "date_gmt": moment})

    assert answer.status_code == 201, answer.content
    path = f"{POSTS}/{answer.json()['id']}?context=edit"
    assert admin.get(path).json()["date_gmt"][:4] == moment[:4]


def test_null_takes_a_date_back_until_there_is_a_publication(admin):
    answer = admin.post(POSTS, {"title": "x", "date_gmt": "2020-01-02T03:04:05"})
    path = f"{POSTS}/{answer.json()['id']}"
    assert answer.json()["date_gmt"] == "2020-01-02T03:04:05"

    admin.put(path, {"date": None})

    assert stored(answer).date_floats
    before = timezone.now()
    admin.put(path, {"status": "publish"})
    assert stored(answer).published_at >= before
