import json
import re
from collections import Counter
from datetime import UTC, datetime, timedelta
from io import StringIO

import pytest
from django.core import mail
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect
from wagtail.models import Page, PageViewRestriction

from accounts.models import User
from accounts.services import create_user
from comments.models import Status, VisitorComment
from comments.services import delete_comments
from media.models import SiteImage
from pages.models import Category, MenuItem, PostPage, ReusableBlock, StandardPage, Tag
from pages.services.reusable_blocks import save_block
from pages.statuses import with_status
from pages.tasks import render_pages_with_blocks
from tests.media.pictures import camera_jpeg
from tests.wordpress import made
from wordpress.models import ImportedRecord, KeptRecord

pytestmark = pytest.mark.django_db


@pytest.fixture
def bring_in(home, tmp_path, settings):
    """Import a file that is written from its parts; returns the command's JSON."""
    settings.MEDIA_ROOT = tmp_path / "uploads"

    def run(*parts, exit_code=0, options=("--no-media",), text=None, **head):
        path = tmp_path / "export.xml"
        path.write_text(made.wxr(*parts, **head) if text is None else text, encoding="utf-8")
        out = StringIO()
        code = 0
        try:
            call_command("import_wxr", str(path), "--json", *options, stdout=out)
        except SystemExit as end:
            code = end.code
        assert code == exit_code
        return json.loads(out.getvalue())

    return run


def counted(report, subject):
    return {fate: number for fate, number in report[subject].items() if number}


def codes(report):
    return {problem["code"] for problem in report["problems"]}


def statuses():
    return {page.slug: page.status for page in with_status(PostPage.objects.all())}


def test_theme_unit_test_data_is_accounted_for_item_by_item(bring_in, samples):
    folder = samples / "wxr-samples"
    expected = json.loads((folder / "themeunittestdata.expected.json").read_text())
    text = (folder / "themeunittestdata.wordpress.xml").read_text(encoding="utf-8")

    report = bring_in(text=text)

    for subject in ("posts", "pages", "attachments", "comments", "categories", "tags", "terms",
                    "authors"):  # fmt: skip
        assert sum(report[subject].values()) == expected[subject], subject
    # Numbers that are there twice are entries of two menus.
    assert counted(report, "menus") == {"created": expected["other_types"]["nav_menu_item"]}
    pages = MenuItem.objects.filter(menu__name="All Pages")
    assert pages.count() == expected["duplicate_post_ids"]
    assert pages.get(page__slug="page-image-alignment").parent.page.slug == "about"
    assert PostPage.objects.count() == expected["posts"]
    assert StandardPage.objects.count() == expected["pages"]
    assert VisitorComment.objects.count() == expected["comments"]
    kinds = Counter(VisitorComment.objects.values_list("kind", flat=True))
    assert kinds == expected["comments_by_type"]
    assert Category.objects.count() >= expected["categories"]
    found = Counter(statuses().values())
    assert (found["publish"], found["draft"], found["future"]) == (49, 1, 1)
    assert PostPage.objects.filter(is_sticky=True).count() == expected["sticky"]
    restriction = PageViewRestriction.objects.get(restriction_type="password")
    assert (restriction.password, restriction.page.slug) == ("enter", "template-password-protected")
    replies = VisitorComment.objects.filter(depth__gt=0)
    assert replies.count() == expected["comment_replies"]
    again = bring_in(text=text)
    assert {fate for subject in ("posts", "pages", "comments", "tags", "terms", "authors")
            for fate in counted(again, subject)} == {"unchanged"}  # fmt: skip


def test_post_keeps_what_wordpress_keeps_of_it(bring_in):
    filed = (
        '<category domain="category" nicename="tea"><![CDATA[Tea]]></category>'
        '<category domain="post_tag" nicename="green"><![CDATA[Green]]></category>'
        '<category domain="post_format" nicename="post-format-aside"><![CDATA[Aside]]></category>'
    )
    report = bring_in(
        made.author(),
        made.category("tea", name="Tea", number=70),
        made.item(4321, title="Tea & <cups>", text="<p>Words</p>", extra=filed + made.meta(
            colour="red", _wp_page_template="wide.php"), slug="tea-cups"),
    )  # fmt: skip

    post = PostPage.objects.get(pk=4321)
    assert (post.title, post.slug) == ("Tea & <cups>", "tea-cups")
    assert post.published_at == datetime(2024, 5, 1, 10, tzinfo=UTC)
    assert post.raw_content == "<p>Words</p>"
    assert "Words" in post.rendered_body
    assert (post.format, post.template_name) == ("aside", "wide.php")
    assert post.meta == {"colour": ["red"]}
    assert post.author.display_name == "Anna Old"
    assert [each.pk for each in post.categories.all()] == [70]
    assert [each.name for each in post.tags.all()] == ["Green"]
    assert post.guid == "https://old.example/?p=4321"
    assert (post.live, post.comments_open, post.pings_open) == (True, True, True)
    assert post.latest_revision.as_object().title == post.title
    assert counted(report, "posts") == {"created": 1}


def test_statuses_become_what_they_are_here(bring_in):
    tomorrow = (timezone.now() + timedelta(days=1)).date().isoformat()
    bring_in(
        made.item(11, slug="a", status="publish"),
        made.item(12, slug="b", status="draft"),
        made.item(13, slug="c", status="pending"),
        made.item(14, slug="d", status="private"),
        made.item(15, slug="e", status="future", day=tomorrow),
        made.item(16, slug="f", status="future", day="2020-01-01"),
        made.item(17, slug="g", status="trash", extra=made.meta(_wp_trash_meta_status="draft")),
        made.item(18, slug="h", password="open sesame"),
    )

    assert statuses() == {"a": "publish", "b": "draft", "c": "pending", "d": "private",
                          "e": "future", "f": "publish", "g__trashed": "trash",
                          "h": "publish"}  # fmt: skip
    assert PostPage.objects.get(pk=17).status_before_trash == "draft"
    assert PageViewRestriction.objects.get(page_id=18).password == "open sesame"


def test_pages_stand_below_their_parents_in_any_order(bring_in):
    report = bring_in(
        made.item(33, kind="page", slug="c", parent=32),
        made.item(32, kind="page", slug="b", parent=31),
        made.item(31, kind="page", slug="a"),
        made.item(41, kind="page", slug="x", parent=42),
        made.item(42, kind="page", slug="y", parent=41),
        made.item(51, kind="page", slug="z", parent=9999),
    )

    assert StandardPage.objects.get(pk=33).url_path.endswith("/a/b/c/")
    assert counted(report, "pages") == {"created": 6}
    assert "parent_missing" in codes(report)


def test_numbers_that_are_taken_here_become_others(bring_in, post):
    report = bring_in(made.item(post.pk, slug="another"))

    assert PostPage.objects.get(slug="another").pk != post.pk
    assert counted(report, "posts") == {"created": 1}


def test_slug_that_is_taken_becomes_another_and_is_told(bring_in, post):
    report = bring_in(made.item(900, slug=post.slug))

    assert PostPage.objects.get(pk=900).slug == f"{post.slug}-2"
    assert "slug_changed" in codes(report)


def test_comments_keep_threads_states_numbers_and_dates(bring_in):
    now = timezone.now().strftime("%Y-%m-%d %H:%M:%S")
    report = bring_in(
        made.item(11, comments="".join([
            made.comment(503, parent=502, text="third"),
            made.comment(501, text="first <script>x</script>"),
            made.comment(502, parent=501, text="second", approved="0"),
            made.comment(504, approved="trash"),
            made.comment(505, kind="pingback", author="Elsewhere"),
            made.comment(506, date_gmt=now, parent=777),
        ])),
    )  # fmt: skip

    paths = dict(VisitorComment.objects.values_list("pk", "path"))
    assert paths[503] == "000000050100000005020000000503"
    first = VisitorComment.objects.get(pk=501)
    assert "<script>" not in first.comment + first.rendered
    assert (first.nested_count, first.status, first.ip_address) == (2, Status.APPROVED, None)
    assert 'id="comment-501"' in first.html
    assert VisitorComment.objects.get(pk=502).status == Status.HOLD
    assert VisitorComment.objects.get(pk=504).status == Status.TRASH
    assert VisitorComment.objects.get(pk=505).kind == "pingback"
    assert VisitorComment.objects.get(pk=506).ip_address == "192.0.2.7"
    assert VisitorComment.objects.get(pk=506).depth == 0
    assert counted(report, "comments") == {"created": 6}
    assert "retention:comments.ip" in codes(report)
    assert mail.outbox == []


def test_comment_is_stored_as_one_that_was_written_here(bring_in, post):
    from comments.services import store_imported

    text = 'Look at https://a.example/b and <a href="/c">this</a>.\n\nSo.'
    bring_in(made.item(11, comments=made.comment(501, text=text, author="Reader", author_url="")))
    brought = VisitorComment.objects.get(pk=501)
    written = store_imported(
        VisitorComment(
            content_type=brought.content_type, object_pk="11", site_id=1, target_id=11,
            user_name="Reader", user_email="reader@example.org", comment=text,
            submit_date=brought.submit_date, language="en", channel="import",
        )
    )  # fmt: skip

    assert brought.html.replace("501", str(written.pk)) == written.html
    for name in ("comment", "rendered", "fragment_version", "author_ref", "repeat_key", "posted_at",
                 "is_public", "is_removed", "depth", "level", "nested_count"):  # fmt: skip
        assert getattr(brought, name) == getattr(written, name), name


def test_second_import_brings_only_what_is_new_or_has_changed(bring_in):
    old = [made.author(), made.category("tea"), made.item(11, comments=made.comment(501)),
           made.item(12, kind="page", slug="about")]  # fmt: skip
    bring_in(*old)

    same = bring_in(*old)
    newer = bring_in(
        made.author(), made.category("tea", description="Leaves"),
        made.item(11, text="New words", comments=made.comment(501) + made.comment(502, parent=501)),
        made.item(12, kind="page", slug="about"), made.item(13),
    )  # fmt: skip

    assert counted(same, "posts") == counted(same, "comments") == {"unchanged": 1}
    assert counted(newer, "posts") == {"updated": 1, "created": 1}
    assert counted(newer, "pages") == {"unchanged": 1}
    assert counted(newer, "comments") == {"unchanged": 1, "created": 1}
    assert counted(newer, "categories") == {"updated": 1}
    assert PostPage.objects.get(pk=11).raw_content == "New words"
    assert VisitorComment.objects.get(pk=502).path == "00000005010000000502"
    assert VisitorComment.objects.get(pk=501).nested_count == 1
    assert ImportedRecord.objects.filter(kind="comment").count() == 2


def test_comment_that_was_approved_there_since_is_approved_here(bring_in):
    bring_in(made.item(11, comments=made.comment(501, approved="0")))

    report = bring_in(made.item(11, comments=made.comment(501)))

    assert counted(report, "comments") == {"updated": 1}
    assert VisitorComment.objects.get(pk=501).status == Status.APPROVED


def test_what_was_edited_here_is_never_overwritten(bring_in, editor):
    bring_in(
        made.category("tea"), made.item(11, comments=made.comment(501)), made.item(12),
        made.item(13),
    )  # fmt: skip
    post = PostPage.objects.get(pk=11)
    post.title = "Edited here"
    post.save_revision(user=editor).publish(skip_permission_checks=True)
    PostPage.objects.get(pk=12).unpublish()
    PostPage.objects.get(pk=13).delete()
    category = Category.objects.get(slug="tea")
    category.description = "Edited here"
    category.save()
    comment = VisitorComment.objects.get(pk=501)
    comment.status = Status.SPAM
    comment.save()

    report = bring_in(
        made.category("tea", description="There"),
        made.item(11, title="There", comments=made.comment(501, text="There")),
        made.item(12, title="There"), made.item(13, title="There"),
    )  # fmt: skip

    assert PostPage.objects.get(pk=11).title == "Edited here"
    assert not PostPage.objects.get(pk=12).live
    assert not PostPage.objects.filter(pk=13).exists()
    assert Category.objects.get(slug="tea").description == "Edited here"
    assert VisitorComment.objects.get(pk=501).status == Status.SPAM
    assert counted(report, "posts") == {"skipped": 3}
    told = {problem["item"]: problem["code"] for problem in report["problems"]}
    for named in ("Post “There” (post 11)", "Post “There” (post 12)",
                  "Category “tea” (category tea)",
                  "Comment 501 below Post “There” (post 11)"):  # fmt: skip
        assert told[named] == "edited_here"
    assert told["Post “There” (post 13)"] == "deleted_here"


def test_comment_that_was_erased_here_does_not_come_back(bring_in):
    bring_in(made.item(11, comments=made.comment(501)))
    delete_comments([501])

    report = bring_in(made.item(11, comments=made.comment(501, text="Again")))

    assert not VisitorComment.objects.filter(pk=501).exists()
    assert counted(report, "comments") == {"skipped": 1}


def rows():
    return [model.objects.count() for model in (Page, VisitorComment, User, Category, KeptRecord,
            ImportedRecord, Redirect, MenuItem, SiteImage)]  # fmt: skip


def test_dry_run_reports_the_same_and_changes_nothing(bring_in, tmp_path):
    parts = [
        made.author(), made.category("tea"), made.item(11, comments=made.comment(501)),
        made.item(12, kind="page", slug="about"), made.item(13, kind="book"),
        made.attachment(14, f"{made.SITE}/wp-content/uploads/view.jpg"),
    ]  # fmt: skip
    folder = tmp_path / "media"
    folder.mkdir()
    (folder / "view.jpg").write_bytes(camera_jpeg())
    before = rows()

    dry = bring_in(*parts, options=("--media-dir", str(folder), "--dry-run"))

    assert rows() == before
    assert not (tmp_path / "uploads").exists()
    assert bring_in(*parts, options=("--media-dir", str(folder))) == dry


def test_malformed_file_brings_in_what_is_whole_and_fails(bring_in):
    whole = made.wxr(made.item(11), made.item(12))

    report = bring_in(text=whole[: whole.index("Entry 12")] + "</title", exit_code=1)

    assert counted(report, "posts") == {"created": 1}
    [problem] = [each for each in report["problems"] if each["code"] == "malformed"]
    assert "line" in problem["item"]
    before = rows()
    bring_in(text=whole[: whole.index("Entry 12")], exit_code=1, options=("--dry-run",))
    assert rows() == before


def test_wrong_usage_is_told(home, tmp_path):
    with pytest.raises(CommandError) as told:
        call_command("import_wxr", str(tmp_path / "none.xml"))
    assert told.value.returncode == 2


def test_accounts_are_matched_by_address_or_login(bring_in):
    anna = create_user(username="anne", email="Anna@old.example", password="x", display_name="A")
    bob = create_user(username="Bob", email="bob@here.example", password="x", display_name="Bob")

    report = bring_in(
        made.author(), made.author("bob", "bob@old.example", "Bobby", 8),
        made.author("cy", "cy@old.example", "Cy", 777),
        made.item(11), made.item(12, creator="bob"), made.item(13, creator="cy"),
        made.item(14, creator="Dora"),
    )  # fmt: skip

    authors = {post.pk: post.author for post in PostPage.objects.all()}
    assert (authors[11], authors[12]) == (anna, bob)
    assert User.objects.get(pk=bob.pk).display_name == "Bob"
    assert (authors[13].pk, authors[13].username) == (777, "cy")
    assert not authors[13].has_usable_password()
    assert authors[14].email == ""
    assert counted(report, "authors") == {"unchanged": 2, "created": 1}
    assert "author_not_listed" in codes(report)
    assert mail.outbox == []


def test_items_and_terms_of_unknown_types_are_kept_whole(bring_in):
    term = (
        "<wp:term><wp:term_id>9</wp:term_id><wp:term_taxonomy>genre</wp:term_taxonomy>"
        "<wp:term_slug>novel</wp:term_slug><wp:term_name>Novel</wp:term_name></wp:term>"
    )
    report = bring_in(term, made.item(21, kind="book", title="A book", text="Text",
                                      extra=made.meta(isbn="1")))  # fmt: skip

    assert counted(report, "other") == counted(report, "terms") == {"created": 1}
    book = KeptRecord.objects.get(type="book")
    assert (book.wordpress_id, book.fields["title"]) == (21, "A book")
    assert book.fields["meta"] == [["isbn", "1"]]
    assert KeptRecord.objects.get(type="genre").fields["name"] == "Novel"


def test_addresses_lead_here_and_old_ones_are_redirected(bring_in, visitor):
    bring_in(
        made.item(11, slug="first", link=f"{made.SITE}/first/",
                  text=f'<a href="{made.SITE}/second/">a</a> <a href="http://old.example/?p=12">b'
                       f'</a> <a href="{made.SITE}/elsewhere/?x=1">c</a>'),
        made.item(12, slug="second", link=f"{made.SITE}/second/"),
        made.item(13, kind="page", slug="about", link=f"{made.SITE}/about/"),
    )  # fmt: skip

    text = PostPage.objects.get(pk=11).raw_content
    assert text.count('href="/2024/05/01/second/"') == 2
    assert 'href="/elsewhere/?x=1"' in text
    answer = visitor.get("/first/")
    assert (answer.status_code, answer["Location"]) == (301, "/2024/05/01/first/")
    assert not Redirect.objects.filter(old_path="/about").exists()
    answer = visitor.get("/?p=12")
    assert (answer.status_code, answer["Location"]) == (301, "/2024/05/01/second/")
    assert visitor.get("/?page_id=13")["Location"] == "/about/"


def test_former_slugs_lead_on(bring_in, visitor):
    bring_in(
        made.item(11, slug="tea", link=f"{made.SITE}/2024/05/01/tea/",
                  extra=made.meta(_wp_old_slug="te-a")),
        made.item(12, slug="te-b", link=f"{made.SITE}/2024/05/01/te-b/",
                  text=f'<a href="{made.SITE}/2024/05/01/te-a/">a</a>',
                  extra=made.meta(_wp_old_slug="tea")),
        made.item(13, slug="draft", status="draft", extra=made.meta(_wp_old_slug="gone")),
    )  # fmt: skip

    answer = visitor.get("/2024/05/01/te-a/")
    assert (answer.status_code, answer["Location"]) == (301, "/2024/05/01/tea/")
    assert visitor.get("/2024/05/01/tea/").status_code == 200
    assert 'href="/2024/05/01/tea/"' in PostPage.objects.get(pk=12).raw_content
    assert visitor.get("/2024/05/01/gone/").status_code == 404


def test_addresses_that_are_none_stop_no_import(bring_in):
    broken = "http://[x/"
    report = bring_in(
        made.item(11, link=broken, extra=made.meta(_wp_old_slug="tea")),
        made.item(12, extra=made.meta(_candour_old_path="//[x")),
        made.item(13, kind="attachment", attachment_url=broken),
        site=broken, options=(),
    )  # fmt: skip

    assert counted(report, "posts") == {"created": 2}
    assert "host_not_allowed" in codes(report)


def block(number, text, **fields):
    return made.item(number, kind="wp_block", title=f"Block {number}", text=text,
                     link=f"{made.SITE}/?p={number}", **fields)  # fmt: skip


def show(number):
    return f'<!-- wp:block {{"ref":{number}}} /-->'


def test_reusable_blocks_are_shown_where_they_were(bring_in):
    taken = ReusableBlock.objects.create(pk=30, title="Own", raw_content="Own words")
    parts = [
        made.item(11, text=show(30) + show(31) + show(32) + show(33)),
        block(30, show(31)),
        block(31, f'<p>Inner <a href="{made.SITE}/2024/05/01/entry-11/">x</a></p>',
              extra=made.meta(wp_pattern_sync_status="unsynced")),
        block(32, "<p>Trashed</p>", status="trash"),
        block(33, "<p>Draft</p>", status="draft"),
    ]  # fmt: skip

    assert counted(bring_in(*parts), "other") == {"created": 4}

    outer = ReusableBlock.objects.exclude(pk=taken.pk).get(title="Block 30")
    post = PostPage.objects.get(pk=11)
    assert outer.raw_content == show(31)
    assert post.raw_content == show(outer.pk) + show(31) + show(32) + show(33)
    shown = post.rendered_body
    assert shown.count("Inner") == 2
    assert "/2024/05/01/entry-11/" in shown
    assert not {"Own", "Trashed", "Draft"} & set(re.findall(r"\w+", shown))
    assert ReusableBlock.objects.get(pk=32).status == "trash"
    assert not KeptRecord.objects.exists()
    assert counted(bring_in(*parts), "other") == {"unchanged": 4}
    # The next block made here has a number of its own.
    assert save_block(ReusableBlock(title="New")).pk not in {30, 31, 33, outer.pk}


def test_reusable_block_that_changed_on_one_side_changes_or_stays(
    bring_in, django_capture_on_commit_callbacks
):
    post = made.item(11, text=show(30) + show(31))
    bring_in(post, block(30, "<p>One</p>"), block(31, "<p>Two</p>"))
    save_block(ReusableBlock.objects.get(pk=31), raw_content="<p>Here</p>")

    with django_capture_on_commit_callbacks(execute=True):
        report = bring_in(post, block(30, "<p>Uno</p>"), block(31, "<p>Due</p>"))

    assert counted(report, "other") == {"updated": 1, "skipped": 1}
    assert codes(report) == {"edited_here"}
    with django_capture_on_commit_callbacks() as callbacks:
        bring_in(post, block(30, "<p>Eins</p>"), *[block(n, "<p>x</p>") for n in range(40, 60)])
    renders = render_pages_with_blocks.enqueue
    assert [getattr(each, "func", None) for each in callbacks].count(renders) == 1
    shown = PostPage.objects.get(pk=11).rendered_body
    assert re.findall(r"<p>(\w+)</p>", shown) == ["Uno", "Here"]


def test_old_number_of_a_draft_leads_nowhere(bring_in, visitor, journal):
    bring_in(made.item(11, status="draft"), made.item(12, status="private"),
             made.item(journal.pk, status="draft"))  # fmt: skip

    for number in (11, 12, journal.pk):
        assert "Location" not in visitor.get(f"/?p={number}")


def test_old_number_of_a_post_that_has_another_here_leads_to_it(bring_in, visitor, home):
    bring_in(made.item(home.pk, slug="first"))

    assert visitor.get(f"/?p={home.pk}")["Location"] == "/2024/05/01/first/"


MENU = (
    "<wp:term><wp:term_id>9</wp:term_id><wp:term_taxonomy>nav_menu</wp:term_taxonomy>"
    "<wp:term_slug>nav</wp:term_slug><wp:term_name>Main</wp:term_name></wp:term>"
)


def menu_entry(number, title, *, kind="custom", target="0", url="", parent="0", order=0):
    return made.item(
        number, kind="nav_menu_item", title=title, slug=str(number),
        extra='<category domain="nav_menu" nicename="nav"><![CDATA[Main]]></category>'
        + made.meta(_menu_item_type=kind, _menu_item_object_id=target, _menu_item_url=url,
                    _menu_item_object="category" if kind == "taxonomy" else "page",
                    _menu_item_menu_item_parent=parent),
    ).replace("<wp:menu_order>0", f"<wp:menu_order>{order}")  # fmt: skip


def test_menu_becomes_the_sites_own_where_it_has_none(bring_in):
    parts = [
        MENU, made.category("tea", number=70), made.item(12, kind="page", slug="about"),
        menu_entry(21, "Shop", url=f"{made.SITE}/shop/", order=3),
        menu_entry(22, "About us", kind="post_type", target="12", order=1),
        menu_entry(23, "Tea", kind="taxonomy", target="70", order=2),
        menu_entry(24, "Below", parent="21", url="https://a.example/", order=4),
        menu_entry(25, "Bad", url="javascript:alert(1)", order=5),
    ]  # fmt: skip

    report = bring_in(*parts)

    entries = MenuItem.objects.all()
    assert [(each.label, each.page_id, each.term_id, each.url) for each in entries] == [
        ("About us", 12, None, ""), ("Tea", None, 70, ""), ("Shop", None, None, "/shop/"),
        ("Below", None, None, "https://a.example/"),
    ]  # fmt: skip
    assert entries[3].parent == entries[2]
    assert {each.menu.slug for each in entries} == {"main"}
    assert counted(report, "menus") == {"created": 5}
    assert {"menu_is_main", "leads_nowhere"} <= codes(report)
    again = bring_in(*parts)
    assert counted(again, "menus") == {"unchanged": 5}
    assert MenuItem.objects.count() == 4


def test_term_that_is_listed_again_as_one_of_any_taxonomy_is_told_only_where_it_differs(bring_in):
    again = ("<wp:term><wp:term_id>{0}</wp:term_id><wp:term_taxonomy>category</wp:term_taxonomy>"
             "<wp:term_slug>{1}</wp:term_slug><wp:term_parent></wp:term_parent>"
             "<wp:term_name>{2}</wp:term_name></wp:term>").format  # fmt: skip

    report = bring_in(made.category("tea", number=4), made.category("cup", number=5),
                      again(4, "tea", "tea"), again(5, "cup", "Cups"))  # fmt: skip

    assert counted(report, "categories") == {"created": 2, "skipped": 1}
    assert [each["item"] for each in report["problems"]] == ["Category “Cups” (category 5)"]


def test_names_that_wordpress_stores_as_html_become_plain_words(bring_in):
    filed = '<category domain="post_tag" nicename="ab"><![CDATA[A &amp; B]]></category>'

    bring_in(
        made.author(name="Anna &amp; Bo"), made.category("soups", name="Soups &amp; Stews"),
        made.item(11, extra=filed, comments=made.comment(501, author="Tom &amp; Tim")),
    )  # fmt: skip

    assert User.objects.get(username="anna").display_name == "Anna & Bo"
    assert Category.objects.get(slug="soups").name == "Soups & Stews"
    assert PostPage.objects.get(pk=11).tags.get().name == "A & B"
    assert VisitorComment.objects.get(pk=501).user_name == "Tom & Tim"


def test_one_number_in_two_menus_is_two_entries(bring_in):
    other = MENU.replace(">9<", ">10<").replace(">nav<", ">foot<").replace(">Main<", ">Foot<")
    entries = [menu_entry(21, "Shop", url="/shop/"), menu_entry(22, "Tea", url="/tea/")]
    below = menu_entry(22, "Tea", url="/tea/", parent="21")
    parts = [MENU, other, *entries, *(each.replace('nicename="nav"', 'nicename="foot"')
                                      for each in (entries[0], below)), entries[1]]  # fmt: skip

    report = bring_in(*parts)

    assert counted(report, "menus") == {"created": 4, "skipped": 1}
    [twice] = [each for each in report["problems"] if each["code"] == "listed_twice"]
    assert twice["item"] == "Menu entry “Tea” in the menu “Main” (nav_menu_item 22)"
    child = MenuItem.objects.get(menu__slug="foot", label="Tea")
    assert child.parent.menu.slug == "foot"
    assert MenuItem.objects.exclude(menu__slug="foot").filter(parent=None).count() == 2
    assert counted(bring_in(*parts), "menus") == {"unchanged": 4, "skipped": 1}


def test_report_names_what_it_tells_of_and_nobody(bring_in):
    report = bring_in(
        made.item(11, title="Tea", comments=made.comment(501, approved="odd", author="Nora")),
        made.item(12, kind="page", title="Below", parent=99),
        made.item(13, kind="shop_order", title="Order of Nora", comments=made.comment(502)),
        made.attachment(14, f"{made.SITE}/wp-content/uploads/view.jpg", title="View"),
        menu_entry(21, "x", kind="post_type", target="98").replace("<title>x", "<title>"),
        options=(),
    )

    told = {problem["item"]: problem["code"] for problem in report["problems"]}
    assert told == told | {
        "Comment 501 below Post “Tea” (post 11)": "state_unknown",
        "Page “Below” (page 12)": "parent_missing",
        "Item of a plugin (shop_order 13)": "comments_kept",
        "File “View” (attachment 14)": "host_unknown",
        "Menu entry “page 98” in the menu “Main” (nav_menu_item 21)": "leads_nowhere",
    }
    assert "Nora" not in json.dumps(report)


def test_menu_of_the_site_stays(bring_in, home):
    MenuItem.objects.create(locale=home.locale, label="Own", url="/own/")

    report = bring_in(MENU, menu_entry(21, "Shop", url="/shop/"))

    assert [each.label for each in MenuItem.objects.filter(menu__slug="main")] == ["Own"]
    assert MenuItem.objects.get(label="Shop").menu.slug == "nav"
    assert "menu_is_main" not in codes(report)


def test_policies_among_the_pages_are_offered(bring_in):
    report = bring_in(
        made.item(12, kind="page", title="Privacy Policy", slug="privacy-policy"),
        made.item(13, kind="page", title="Our terms and conditions", slug="terms"),
        made.item(14, kind="page", title="About", slug="about"),
    )

    assert [(offer["page"], offer["kind"]) for offer in report["policies"]] == [
        (12, "privacy"), (13, "terms"),
    ]  # fmt: skip


@pytest.mark.parametrize("version", ["", "9.9", "two"])
def test_version_that_is_unknown_is_told_and_read(bring_in, version):
    report = bring_in(made.item(11), version=version)

    assert counted(report, "posts") == {"created": 1}
    assert "version_unknown" in codes(report)


def test_first_wxr_is_read(bring_in):
    filed = (
        "<category><![CDATA[Tea]]></category>"
        '<category domain="category" nicename="tea"><![CDATA[Tea]]></category>'
        '<category domain="tag"><![CDATA[Green]]></category>'
        '<category domain="tag" nicename="green"><![CDATA[Green]]></category>'
    )
    bring_in(made.item(11, extra=filed), version="1.0")

    post = PostPage.objects.get(pk=11)
    assert [each.slug for each in post.categories.all()] == ["tea"]
    assert [each.slug for each in post.tags.all()] == ["green"]
    assert Tag.objects.count() == 1


def test_terms_form_a_tree_in_any_order(bring_in):
    bring_in(
        made.category("c", parent="b"), made.category("b", parent="a"), made.category("a"),
        made.category("x", parent="y"), made.category("y", parent="x"),
    )  # fmt: skip

    assert Category.objects.get(slug="c").parent.parent.slug == "a"
    assert Category.objects.count() == 5


def test_post_without_a_title_or_a_number_comes_in_once(bring_in):
    text = made.wxr(made.item(11, title="x")).replace("<title>x", "<title>")
    text = text.replace("<wp:post_id>11</wp:post_id>", "")

    bring_in(text=text)
    report = bring_in(text=text)

    assert PostPage.objects.count() == 1
    assert counted(report, "posts") == {"unchanged": 1}


def test_nobody_is_told_of_what_comes_in(bring_in, django_capture_on_commit_callbacks):
    from plugins.webhooks.models import Delivery, Endpoint, Event

    Endpoint.objects.create(
        name="Front end", url="https://front.example/hook", events=list(Event.values)
    )

    with django_capture_on_commit_callbacks(execute=True):
        bring_in(made.author(), made.item(11, comments=made.comment(501, approved="0")))
        bring_in(made.author(), made.item(11, text="New", comments=made.comment(501)))

    assert not Delivery.objects.exists()
    assert mail.outbox == []
