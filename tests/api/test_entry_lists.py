"""Lists of posts and pages: WordPress's parameters, and whom they show which statuses."""

from datetime import UTC, datetime, timedelta

import pytest
from django.utils import timezone

from accounts.services import create_application_password, create_user
from pages.models import Category, StandardPage, Tag
from pages.services.content import make_page
from tests.api.conftest import put
from tests.api.roles import roles
from tests.api.test_reading import basic

pytestmark = pytest.mark.django_db
BASE = "/wp-json/wp/v2"


def ids(answer):
    assert answer.status_code == 200, answer.content
    return [item["id"] for item in answer.json()]


@pytest.fixture
def listed(visitor):
    def listed(query, kind="posts", **headers):
        return ids(visitor.get(f"{BASE}/{kind}?{query}", headers=headers))

    return listed


@pytest.fixture
def add(home, editor):
    def add(title, parent=None, **fields):
        return make_page(parent or home, StandardPage(title=title, author=editor, **fields))

    return add


def test_search_takes_words_phrases_and_words_left_out(listed, make_post):
    one = make_post("Green tea", body=[("paragraph", "<p>A warm kettle.</p>")])
    two = make_post("Black tea", body=[("paragraph", "<p>It's a cold kettle -- really.</p>")])

    assert listed("search=tea&orderby=id&order=asc") == [one.pk, two.pk]
    assert listed("search=tea+-black") == [one.pk]
    assert listed("search=%22warm+kettle%22") == [one.pk]
    assert listed("search=%22kettle+warm%22") == []
    assert listed("search=kettle+green") == [one.pk]
    assert listed("search=it's") == [two.pk]
    # Words that every text has say nothing, unless they are all that is asked for.
    assert listed("search=the+green") == [one.pk]
    assert listed("search=zzz") == []


def test_relevance_puts_titles_before_texts(listed, make_post):
    day = datetime(2026, 3, 1, tzinfo=UTC)
    text = make_post("Nothing", body=[("paragraph", "<p>Blue moon.</p>")],
                     published_at=day + timedelta(days=4))  # fmt: skip
    word = make_post("A blue thing", body=[("paragraph", "<p>The moon.</p>")],
                     published_at=day + timedelta(days=3))  # fmt: skip
    words = make_post("Moon so blue", published_at=day + timedelta(days=2))
    phrase = make_post("A blue moon", published_at=day + timedelta(days=1))

    assert listed("search=blue+moon&orderby=relevance") == [
        phrase.pk, words.pk, word.pk, text.pk,
    ]  # fmt: skip
    assert listed("search=blue&orderby=relevance") == [word.pk, words.pk, phrase.pk, text.pk]
    assert listed("search=blue+moon") == [text.pk, word.pk, words.pk, phrase.pk]


def test_terms_are_asked_for_by_list_and_by_query(listed, make_post):
    tea = Category.objects.create(name="Tea")
    green = Category.objects.create(name="Green", parent=tea)
    sencha = Category.objects.create(name="Sencha", parent=green)
    how, why = Tag.objects.create(name="How"), Tag.objects.create(name="Why")
    one = make_post("One", terms={"categories": [tea], "tags": [how, why]})
    two = make_post("Two", terms={"categories": [sencha], "tags": [how]})
    three = make_post("Three", terms={"tags": [why]})

    order = "orderby=id&order=asc"
    assert listed(f"categories={tea.pk}&{order}") == [one.pk]
    query = f"categories[terms]={tea.pk}&categories[include_children]=true"
    assert listed(f"{query}&{order}") == [one.pk, two.pk]
    assert listed(f"tags={how.pk},{why.pk}&{order}") == [one.pk, two.pk, three.pk]
    assert listed(f"tags[terms]={how.pk},{why.pk}&tags[operator]=AND&{order}") == [one.pk]
    exclude = f"categories_exclude[terms]={tea.pk}&categories_exclude[include_children]=1"
    assert listed(f"{exclude}&{order}") == [three.pk]
    assert listed(f"categories={sencha.pk}&tags={why.pk}&{order}") == []
    assert listed(f"categories={sencha.pk}&tags={why.pk}&tax_relation=OR&{order}") == [
        one.pk, two.pk, three.pk,
    ]  # fmt: skip


def test_query_of_terms_takes_nothing_else(visitor, home):
    answer = visitor.get(f"{BASE}/posts?tags[terms]=1&tags[include_children]=1")

    assert answer.status_code == 400
    assert answer.json()["data"]["params"] == {
        "tags": "tags is not a valid Term ID Taxonomy Query. Reason: include_children is not a "
        "valid property of tags."
    }


def test_contrary_parameters_are_settled_as_wordpress_does(listed, make_post, editor, stranger):
    one = make_post("One", is_sticky=True)
    two = make_post("Two")
    three = make_post("Three", author=stranger)

    order = "orderby=id&order=asc"
    assert listed(f"include={one.pk},{two.pk}&exclude={one.pk}&{order}") == [one.pk, two.pk]
    assert listed(f"exclude={one.pk}&{order}") == [two.pk, three.pk]
    assert listed(f"sticky=true&include={one.pk},{two.pk}&{order}") == [one.pk]
    assert listed(f"sticky=true&exclude={one.pk}&{order}") == [one.pk]
    assert listed(f"sticky=false&{order}") == [two.pk, three.pk]
    assert listed(f"author={editor.pk}&author_exclude={editor.pk}&{order}") == [three.pk]
    assert listed("slug=one,three&orderby=include_slugs&slug[]=three&slug[]=one") == [
        three.pk, one.pk,
    ]  # fmt: skip
    # Sticky posts do not come first here, unlike on WordPress's pages.
    assert listed("orderby=date")[-1] == one.pk


def test_order_by_include_needs_items(visitor, home):
    answer = visitor.get(f"{BASE}/posts?orderby=include")

    assert answer.status_code == 400
    assert answer.json()["code"] == "rest_orderby_include_missing_include"


def test_dates_bound_lists(listed, make_post):
    day = datetime(2026, 3, 1, 10, tzinfo=UTC)
    one, two = make_post("One", published_at=day), make_post("Two", published_at=day + timedelta(1))
    soon = (timezone.now() + timedelta(hours=1)).strftime("%Y-%m-%dT%H:%M:%SZ")

    assert listed("after=2026-03-01T10:00:00Z") == [two.pk]
    assert listed("before=2026-03-02T10:00:00Z") == [one.pk]
    assert listed(f"modified_after={soon}") == []
    assert listed(f"modified_before={soon}&orderby=modified&order=asc") == [one.pk, two.pk]


def test_pages_know_their_place(listed, visitor, add):
    about = add("About", menu_order=3, excerpt="In short.", comments_open=True)
    contact = add("Contact", parent=about, menu_order=1, template_name="wide.php")

    order = "orderby=menu_order&order=asc"
    assert listed(f"parent={about.pk}", "pages") == [contact.pk]
    assert contact.pk not in listed("parent=0", "pages")
    assert listed(f"parent_exclude=0&{order}", "pages") == [contact.pk]
    assert listed("menu_order=3", "pages") == [about.pk]
    assert listed(f"include={about.pk},{contact.pk}&{order}", "pages") == [contact.pk, about.pk]
    assert listed(f"include={about.pk},{contact.pk}&orderby=parent&order=asc", "pages") == [
        about.pk, contact.pk,
    ]  # fmt: skip
    item = visitor.get(f"{BASE}/pages/{about.pk}").json()
    assert (item["menu_order"], item["comment_status"]) == (3, "open")
    assert item["excerpt"]["rendered"] == "<p>In short.</p>\n"
    below = visitor.get(f"{BASE}/pages/{contact.pk}").json()
    assert (below["parent"], below["template"]) == (about.pk, "wide.php")
    assert below["_links"]["up"][0]["href"].endswith(f"/pages/{about.pk}")
    assert below["link"].endswith("/about/contact/")


def test_policies_are_found_by_the_text_in_force_alone(listed, visitor, publish):
    page, _ = publish("Frozen words.")
    type(page).objects.filter(pk=page.pk).update(title="Wombat")

    assert page.pk in listed("search=frozen", "pages")
    assert page.pk in listed("search=privacy", "pages")
    assert listed("search=wombat", "pages") == []
    found = visitor.get(f"{BASE}/search?search=frozen").json()
    assert [(each["id"], each["title"]) for each in found] == [(page.pk, "Privacy policy")]
    assert visitor.get(f"{BASE}/search?search=wombat").json() == []


@pytest.fixture
def cast(home):
    people = {
        name: create_user(username=name, email=f"{name}@example.org", password="pass",
                          display_name=name.title())
        for name in ("contributor", "author", "administrator")
    }  # fmt: skip
    with roles(**people):
        yield {
            name: (user, basic(user, create_application_password(user, "Tests")[1]))
            for name, user in people.items()
        }


STATUSES = ("publish", "draft", "pending", "private", "future", "trash")


def test_everybody_sees_the_statuses_that_wordpress_lets_them(listed, in_status, cast, editor):
    theirs = {status: in_status(status, f"Of the editor, {status}").pk for status in STATUSES}
    own = {status: in_status(status, f"Own, {status}", author=cast["contributor"][0]).pk
           for status in ("draft", "pending", "trash")}  # fmt: skip
    seen = {name: {status: set(listed(f"status={status}&per_page=50", **key))
                   for status in STATUSES} for name, (_, key) in cast.items()}  # fmt: skip

    for status in STATUSES:
        everything = {theirs[status], *([own[status]] if status in own else [])}
        assert seen["administrator"][status] == everything, status
        public = {theirs[status]} if status == "publish" else set()
        mine = {own[status]} if status in own else set()
        assert seen["contributor"][status] == public | mine, status
        assert seen["author"][status] == public, status
    key = cast["administrator"][1]
    everywhere = set(listed("status=any&per_page=50", **key))
    assert everywhere == {*theirs.values(), *own.values()} - {theirs["trash"], own["trash"]}
    assert set(listed("status=draft,pending&per_page=50", **key)) == {
        theirs["draft"], theirs["pending"], own["draft"], own["pending"],
    }  # fmt: skip


def test_edit_context_shows_only_what_may_be_edited(listed, visitor, in_status, cast):
    contributor, key = cast["contributor"]
    theirs = in_status("publish", "Of the editor")
    published = in_status("publish", "Own and published", author=contributor)
    draft = in_status("draft", "Own draft", author=contributor)

    assert listed("context=edit&status=any", **key) == [draft.pk]
    for hidden in (theirs, published):
        answer = visitor.get(f"{BASE}/posts/{hidden.pk}?context=edit", headers=key)
        assert (answer.status_code, answer.json()["code"]) == (403, "rest_forbidden_context")
    shown = visitor.get(f"{BASE}/posts/{draft.pk}?context=edit", headers=key).json()
    assert shown["title"]["raw"] == "Own draft"
    actions = [rel for rel in shown["_links"] if rel.startswith("wp:action")]
    assert actions == ["wp:action-assign-categories", "wp:action-create-tags",
                       "wp:action-assign-tags"]  # fmt: skip


def test_entries_that_nobody_wrote_are_the_editors_to_edit(listed, visitor, home, make_post, cast):
    post = make_post("Nobody's", author=None)
    page = home.add_child(instance=StandardPage(title="About", slug="about"))
    key = cast["administrator"][1]

    assert listed("context=edit", **key) == [post.pk]
    shown = visitor.get(f"{BASE}/pages?context=edit&slug=about", headers=key).json()
    assert [item["id"] for item in shown] == [page.pk]


def test_unknown_status_is_named_to_who_may_ask(visitor, cast):
    answer = visitor.get(f"{BASE}/posts?status=nothing", headers=cast["author"][1])

    assert answer.status_code == 400
    assert answer.json()["data"]["params"]["status"].startswith(
        "status[0] is not one of publish, future, draft,"
    )


def test_unpublished_items_have_no_address_of_their_own_yet(visitor, in_status, cast):
    key = cast["administrator"][1]
    for status in ("draft", "pending", "future", "scheduled", "trash"):
        post = in_status(status, f"In {status}")
        item = visitor.get(f"{BASE}/posts/{post.pk}?context=edit", headers=key).json()
        assert item["status"] == ("future" if status == "scheduled" else status)
        assert item["link"].endswith(f"/?p={post.pk}")
        template = f"/?p={post.pk}" if status == "trash" else "/%postname%/"
        assert item["permalink_template"].endswith(template)
    private = in_status("private", "Kept apart")
    item = visitor.get(f"{BASE}/posts/{private.pk}", headers=key).json()
    assert item["title"]["rendered"] == "Private: Kept apart"
    assert item["link"].endswith("/kept-apart/")
    page = in_status("draft", "A page", kind="page")
    item = visitor.get(f"{BASE}/pages/{page.pk}", headers=key).json()
    assert item["link"].endswith(f"/?page_id={page.pk}")


def test_draft_shows_its_newest_words_to_who_may_edit(visitor, in_status, cast):
    post = in_status("draft", "As it was")
    post.title, post.excerpt = "As it is", "Newer."
    post.save_revision()

    item = visitor.get(
        f"{BASE}/posts/{post.pk}?context=edit", headers=cast["administrator"][1]
    ).json()

    assert (item["title"]["raw"], item["excerpt"]["raw"]) == ("As it is", "Newer.")
    assert item["_links"]["version-history"][0]["count"] == post.revisions.count() - 1
    latest = post.get_latest_revision().pk
    assert item["_links"]["predecessor-version"][0]["id"] == latest


def test_titles_and_texts_have_typographic_signs(visitor, make_post):
    post = make_post('Tea & "milk"', body=[("paragraph", "<p>It's 9x9 -- so...</p>")])

    item = visitor.get(f"{BASE}/posts/{post.pk}").json()

    assert item["title"]["rendered"] == "Tea &#038; &#8220;milk&#8221;"
    assert item["content"]["rendered"] == "\n<p>It&#8217;s 9&#215;9 &#8212; so&#8230;</p>\n"
    assert item["excerpt"]["rendered"] == "<p>It&#8217;s 9&#215;9 &#8212; so&#8230;</p>\n"


def test_terms_and_formats_are_searched_in_forms_of_their_own(visitor, make_post):
    tea = Category.objects.create(name="Tea & more", slug="tea")
    Tag.objects.create(name="Teapots")

    found = visitor.get(f"{BASE}/search?type=term&search=tea").json()
    assert [each["title"] for each in found] == ["Tea &amp; more", "Teapots"]
    assert found[0]["id"] == tea.pk
    assert found[0]["type"] == "category"
    assert found[0]["_links"]["self"][0]["href"].endswith(f"/categories/{tea.pk}")
    only = visitor.get(f"{BASE}/search?type=term&subtype=post_tag").json()
    assert [each["title"] for each in only] == ["Teapots"]
    assert visitor.get(f"{BASE}/search?type=post-format").json() == []
    past = visitor.get(f"{BASE}/search?type=term&page=3")
    assert (past.status_code, past.json()["code"]) == (400, "rest_search_invalid_page_number")


def test_search_finds_posts_and_pages_by_relevance(visitor, make_post, add):
    make_post("Elsewhere", body=[("paragraph", "<p>Of kettles.</p>")])
    add("Kettles and cups")

    found = visitor.get(f"{BASE}/search?search=kettles").json()
    assert [(each["title"], each["subtype"]) for each in found] == [
        ("Kettles and cups", "page"), ("Elsewhere", "post"),
    ]  # fmt: skip
    pages = visitor.get(f"{BASE}/search?search=kettles&subtype=page")
    assert [each["subtype"] for each in pages.json()] == ["page"]
    assert pages["X-WP-Total"] == "1"


def test_date_that_is_reached_publishes_by_itself(visitor, make_post, time_machine):
    post = make_post("To come", published_at=timezone.now() + timedelta(minutes=5))

    assert ids(visitor.get(f"{BASE}/posts")) == []
    time_machine.move_to(timezone.now() + timedelta(minutes=10))
    assert ids(visitor.get(f"{BASE}/posts")) == [post.pk]
    assert visitor.get(post.path_of_its_own).status_code == 200


def test_numbers_lead_to_what_is_public(visitor, in_status, add):
    post, page = in_status("publish", "A post"), add("About")

    assert visitor.get(f"/?p={post.pk}")["Location"].endswith(post.path_of_its_own)
    assert visitor.get(f"/?page_id={page.pk}")["Location"].endswith("/about/")
    assert visitor.get(f"/?p={page.pk}").status_code == 301
    assert visitor.get("/?p=999999").status_code == 404
    assert visitor.get("/?p=x").status_code == 404
    put(post, "draft")
    assert visitor.get(f"/?p={post.pk}").status_code == 404


def test_pages_take_comments_where_they_are_open(visitor, add):
    from comments.services import NewComment, change_status, submit_comment

    page = add("About", comments_open=True)
    comment = submit_comment(NewComment(target_id=page.pk, text="On the page.", author_name="N",
                                        author_email="n@example.org"))  # fmt: skip
    change_status([comment.pk], "approved")

    item = visitor.get(f"{BASE}/comments?post={page.pk}&_embed=up").json()[0]
    assert item["link"].endswith(f"/about/#comment-{comment.pk}")
    up = item["_links"]["up"][0]
    assert (up["post_type"], up["href"]) == ("page", up["href"].split("/pages/")[0]
                                             + f"/pages/{page.pk}")  # fmt: skip
    assert item["_embedded"]["up"][0]["title"]["rendered"] == "About"
    assert "On the page." in visitor.get("/about/").content.decode()
    assert 'id="comments"' not in visitor.get(add("Closed").get_url()).content.decode()


def test_letters_beyond_latin_are_found_in_codes_and_stand_in_addresses_as_codes(
    visitor, home, make_post
):
    post = make_post("茶", slug="茶")
    page = home.add_child(instance=StandardPage(title="Επίπεδο", slug="επίπεδο"))
    page.add_child(instance=StandardPage(title="Below", slug="below"))

    for slug in ("%E8%8C%B6", "%25e8%258c%25b6"):
        (found,) = visitor.get(f"{BASE}/posts?slug={slug}&_fields=id,link").json()
        assert found["id"] == post.pk
        assert found["link"].endswith("/%e8%8c%b6/")
        assert visitor.get(found["link"]).status_code == 200
    (below,) = visitor.get(f"{BASE}/pages?slug=below&_fields=link").json()
    assert below["link"].endswith("/%ce%b5%cf%80%ce%af%cf%80%ce%b5%ce%b4%ce%bf/below/")
    assert visitor.get(below["link"]).status_code == 200
    assert visitor.get(f"{BASE}/posts?slug=%2500").json() == []
