"""Moving out: what is given out comes back as it was, and tells nothing that it must not."""

import io
import json
import re
from datetime import UTC, datetime, timedelta
from uuid import uuid4
from xml.etree import ElementTree

import pytest
from django.core.management import CommandError, call_command
from django.utils import timezone
from wagtail.contrib.redirects.models import Redirect

from accounts.services import create_user
from comments.models import VisitorComment
from comments.services.limiting import restrict_comments
from media.services import store_attachment
from pages.models import MenuItem, PostIndexPage, PostPage, ReusableBlock, StandardPage
from pages.services.content import make_home, make_page
from pages.services.menus import create_menu, save_entry
from pages.services.reusable_blocks import save_block
from pages.services.terms import create_term
from pages.services.writing import create_entry, trash_entry
from tests.media.pictures import camera_jpeg
from tests.wordpress import made
from wordpress.exporting.running import Export
from wordpress.exporting.storing import store
from wordpress.importing.running import Options, import_files
from wordpress.models import KeptRecord
from wordpress.wxr import writing
from wordpress.wxr.reading import read_wxr
from wordpress.wxr.records import Comment, Item, Site

pytestmark = pytest.mark.django_db
MADE_AT = re.compile(r"^\t<pubDate>.*</pubDate>$", re.MULTILINE)
HOSTILE = (
    "]]> <![CDATA[ ]]]]>", "&amp; & &lt; \u00a0", "\U0001f375 \U00020bb7", "שלום \u202e abc",
    "a\r\nb\rc\n\n  d\t", "end \x01\x0b\x1f",
)  # fmt: skip


@pytest.fixture
def uploads(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path / "uploads"
    return settings.MEDIA_ROOT


def export():
    return "".join(Export().pieces())


def without_time(text):
    return MADE_AT.sub("", text, count=1)


def bring_in(tmp_path, text, **options):
    path = tmp_path / "site.xml"
    path.write_bytes(text.encode())
    return import_files([path], Options(**{"with_media": False, **options}))


def comes_back(empty_again, tmp_path, **options):
    """Export, import into an empty site and export; return both texts without their time."""
    first = export()
    empty_again()
    outcome = bring_in(tmp_path, first, **options)
    assert not outcome.has_failed, outcome.report.problems
    return without_time(first), without_time(export())


@pytest.fixture
def empty_again(home):
    """Take everything away that an export holds, as if the site had just been made."""
    from accounts.models import User  # the fixtures need the app registry first
    from media.models import SiteDocument, SiteImage
    from pages.models import HomePage, ReusableBlock, Term
    from wordpress.models import KeptRecord, Source

    def empty():
        VisitorComment.objects.all().delete()
        for entry in (PostPage, StandardPage, PostIndexPage):
            for page in entry.objects.order_by("-depth"):
                page.refresh_from_db()
                page.delete()
        HomePage.objects.exclude(locale__language_code="en").delete()
        for rows in (
            Redirect,
            MenuItem,
            Term,
            ReusableBlock,
            SiteImage,
            SiteDocument,
            KeptRecord,
            Source,
        ):
            rows.objects.all().delete()
        User.objects.all().delete()

    return empty


def test_everything_of_a_native_site_comes_back(home, uploads, empty_again, tmp_path):
    anna = create_user(username="anna+tea", email="anna@example.org", password="pass",
                       display_name="Änna ]]> <b>")  # fmt: skip
    index = make_page(home, PostIndexPage(title="Journal", slug="journal"))
    picture = store_attachment(camera_jpeg(), name="a cup.jpg", title="Cup ]]>", caption="c & d",
                               description="A <cup>", uploaded_by=anna)  # fmt: skip
    tea = create_term("category", name="Tea & <cake>", description="]]>\r\n")
    create_term("post_tag", name="Green")
    own = {"user": anna, "author": anna}
    about = create_entry(StandardPage, home, **own, title="About", content="<p>We</p>",
                         status="publish")  # fmt: skip
    create_entry(StandardPage, about, **own, title="Below", content="x", status="publish",
                 menu_order=3)  # fmt: skip
    image = (f'<!-- wp:image {{"id":{picture.pk}}} -->\n<figure class="wp-block-image"><img '
             f'src="{picture.file.url}" class="wp-image-{picture.pk}"/></figure>\n'
             "<!-- /wp:image -->")  # fmt: skip
    titles = ["Same ]]> & <i>", "\U0001f375"]
    for number, text in enumerate((*HOSTILE, image)):
        for status in ("publish", "draft", "pending", "private"):
            create_entry(PostPage, index, **own, title=titles[number % 2],
                         content=text, excerpt=text, status=status,
                         featured_image_id=picture.pk, categories=[tea.pk])  # fmt: skip
    create_entry(PostPage, index, **own, title="", content="No title", status="draft")
    create_entry(PostPage, index, **own, title="Soon", content="x", status="future",
                 date=timezone.now() + timedelta(days=90))  # fmt: skip
    create_entry(PostPage, index, **own, title="Locked", content="x", status="publish",
                 password="se & ]]> same", format="aside")  # fmt: skip
    trash_entry(create_entry(PostPage, index, **own, title="Gone", content="x",
                             status="publish"), user=anna)  # fmt: skip
    create_entry(PostPage, index, **own, title="On top", content="x", status="publish",
                 slug="Café-Über", is_sticky=True)  # fmt: skip
    menu = create_menu("Footer <1>")
    top = save_entry(MenuItem(locale=home.locale), menu_id=menu.pk, label="Home", page_id=home.pk)
    save_entry(MenuItem(locale=home.locale), menu_id=menu.pk, parent_id=top.pk, label="About",
               page_id=about.pk, css_classes="ä b", opens_new_window=True)  # fmt: skip
    save_entry(MenuItem(locale=home.locale), menu_id=menu.pk, label="Tea", term_id=tea.pk)

    moved = uploads.rename(tmp_path / "moved")
    first, second = comes_back(empty_again, tmp_path, with_media=True, media_dir=moved)

    assert first == second


def test_theme_unit_test_data_comes_back(home, samples, empty_again, tmp_path):
    sample = samples / "wxr-samples" / "themeunittestdata.wordpress.xml"
    import_files([sample], Options(with_media=False))

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    assert first.count("<item>") == len(re.findall(r"<wp:post_id>", first))


def test_parents_of_terms_stand_above_their_children(home, empty_again, tmp_path):
    # WordPress's importer looks for a parent among the terms that it has made already.
    term = ("<wp:term><wp:term_id>{0}</wp:term_id><wp:term_taxonomy>genre</wp:term_taxonomy>"
            "<wp:term_slug>{1}</wp:term_slug><wp:term_parent>{2}</wp:term_parent>"
            "<wp:term_name>{1}</wp:term_name></wp:term>").format  # fmt: skip
    bring_in(tmp_path, made.wxr(
        made.category("below", parent="above", number=4), made.category("above", number=9),
        term(14, "inner", "outer"), term(19, "outer", ""),
    ))  # fmt: skip

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    for above, below in (("above", "below"), ("outer", "inner")):
        assert first.index(f"{above}]]></wp:") < first.index(f"{below}]]></wp:")


def with_comments(tmp_path):
    day = (timezone.now() - timedelta(days=1)).strftime("%Y-%m-%d %H:%M:%S")
    dated = {"date": day, "date_gmt": day}
    bring_in(tmp_path, made.wxr(
        made.author(),
        made.item(901, title="Host", extra=made.meta(colour="red ]]>"), comments="".join([
            made.comment(5, text="Ask ]]> &amp; <b>x</b>", agent="Moz", user_id="7", **dated),
            made.comment(6, parent=5, approved="0", **dated),
            made.comment(7, parent=6, approved="spam", kind="pingback", **dated),
            made.comment(8, approved="trash", kind="odd", **dated),
        ])),
        made.item(902, kind="recipe", title="Kept", comments=made.comment(77, **dated)),
        made.attachment(903, "https://old.example/wp-content/uploads/x.jpg"),
    ))  # fmt: skip


def test_comments_states_types_and_what_is_kept_come_back(home, empty_again, tmp_path):
    with_comments(tmp_path)

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    for part in ("<![CDATA[192.0.2.7]]>", "<![CDATA[Moz]]>", "<![CDATA[pingback]]>",
                 "<![CDATA[odd]]>", "<wp:comment_user_id>7<", "<![CDATA[recipe]]>"):  # fmt: skip
        assert part in first


def test_comment_in_markdown_comes_back_as_such(home, empty_again, tmp_path):
    note = ("<wp:commentmeta><wp:meta_key>_candour_markup</wp:meta_key>"
            "<wp:meta_value>markdown</wp:meta_value></wp:commentmeta></wp:comment>")  # fmt: skip
    text = made.comment(5, text="a < b, *so*").replace("</wp:comment>", note)
    bring_in(tmp_path, made.wxr(made.author(), made.item(901, comments=text)))

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    comment = VisitorComment.objects.get(pk=5)
    assert (comment.markup, comment.comment) == ("markdown", "a < b, *so*")
    assert "<em>so</em>" in comment.rendered


def test_restricted_comment_leaves_only_its_place(home, tmp_path):
    with_comments(tmp_path)
    restrict_comments([5, 8])

    items = [each for each in read_wxr(io.BytesIO(export().encode())) if isinstance(each, Item)]
    found = {each.id: each for item in items if item.id == 901 for each in item.comments}

    assert 8 not in found
    place = found[5]
    assert (place.author, place.email, place.ip, place.agent, place.content, place.user_id) == (
        "", "", "", "", "", 0)  # fmt: skip
    assert found[6].parent == 5


def test_numbers_are_one_row_over_all_kinds(home, uploads, tmp_path):
    for number in range(12):
        store_attachment(camera_jpeg(), name=f"{number}.jpg")
    about = make_page(home, StandardPage(title="About", slug="about"))
    save_entry(MenuItem(locale=home.locale), label="About", page_id=about.pk)

    numbers = re.findall(r"<wp:post_id>(\d+)<", export())

    assert len(numbers) == len(set(numbers)) == 14
    assert str(about.pk) in numbers


def test_old_addresses_of_networks_stay_here(home, tmp_path):
    with_comments(tmp_path)
    VisitorComment.objects.update(submit_date=timezone.now() - timedelta(days=4000))

    assert "192.0.2.7" not in re.sub(r"(?s)<wp:post_type><!\[CDATA\[recipe.*?</item>", "", export())


def test_queries_do_not_grow_with_rows(home, tmp_path, django_assert_max_num_queries):
    path = made.write_site(tmp_path / "site.xml", posts=60, comments=400)
    import_files([path], Options(with_media=False))

    with django_assert_max_num_queries(70):
        export()


@pytest.mark.parametrize("text", HOSTILE)
def test_text_is_read_as_it_was_but_for_what_xml_forbids(text):
    item = Item(title=text, content=text, link="https://x.example/?a=1&b=<", type="post", id=1,
                meta=[(text, text)])  # fmt: skip
    comment = Comment(id=1, author=text, content=text)
    written = (writing.head(Site(title=text, link="https://x.example")) + writing.item_start(item)
               + writing.comment(comment) + writing.ITEM_END + writing.TAIL)  # fmt: skip

    ElementTree.fromstring(written.encode())
    site, read = read_wxr(io.BytesIO(written.encode()))
    kept = writing.allowed(text)
    assert (site.title, read.title, read.content, read.comments[0].content) == (kept,) * 4
    assert (read.link, read.meta) == (item.link, [(kept, kept)])


def test_file_is_its_owners_and_replaced_whole(home, tmp_path, capsys):
    target = tmp_path / "site.xml"
    target.write_text("before")
    out, err = io.StringIO(), io.StringIO()

    call_command("export_wxr", "--output", str(target), "--json", stdout=out, stderr=err)

    told = json.loads(out.getvalue())
    assert told["bytes"] == target.stat().st_size
    assert target.stat().st_mode & 0o777 == 0o600
    assert "addresses" in err.getvalue()


def test_failure_leaves_what_was_there(tmp_path):
    target = tmp_path / "site.xml"
    target.write_text("before")

    def pieces():
        yield "half"
        raise OSError(28, "No space left on device")

    with pytest.raises(OSError, match="No space"):
        store(pieces(), target)

    assert [each.name for each in tmp_path.iterdir()] == ["site.xml"]
    assert target.read_text() == "before"


@pytest.mark.parametrize("arguments", [["--json"], ["--output", "/nowhere/at/all.xml"],
                                       ["--output", "/dev/null"]])  # fmt: skip
def test_wrong_usage(home, arguments):
    with pytest.raises(CommandError) as told:
        call_command("export_wxr", *arguments, stderr=io.StringIO())

    assert told.value.returncode == 2


def test_other_languages_come_back_to_theirs(home, empty_again, tmp_path):
    chinese = make_home("zh-hans", title="首页", site_name="测试站")
    shared = uuid4()
    for parent in (home, chinese):
        index = make_page(parent, PostIndexPage(title="Journal", slug="journal"))
        tea = PostPage(title="Tea", slug="tea", featured_alt="A cup", translation_key=shared)
        make_page(index, tea)
    make_page(index, PostPage(title="Alone", slug="alone"))

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    assert "/zh-hans/" in first
    back = PostPage.objects.filter(translation_key=shared)
    assert sorted(back.values_list("locale__language_code", "featured_alt")) == [
        ("en", "A cup"), ("zh-hans", "A cup"),
    ]  # fmt: skip
    assert first.count("_candour_translation") == 2


def test_old_addresses_lead_on_after_coming_back(home, empty_again, tmp_path, visitor):
    index = make_page(home, PostIndexPage(title="Journal", slug="journal"))
    own = {"user": create_user(username="anna", email="anna@example.org", password="pass")}
    post = create_entry(PostPage, index, **own, title="Tea", content="x", status="publish",
                        date=datetime(2026, 3, 4, 12, tzinfo=UTC))  # fmt: skip
    about = create_entry(StandardPage, home, **own, title="About", content="x",
                         status="publish")  # fmt: skip
    kept = {"/2026/03/04/te-a": post, "/2026/03/04/tee-für-zwei": post, "/2019/07/old-tea": post,
            "/who-we-are": about, "/café 100%25": about, "/firm/about": about}  # fmt: skip
    for path, page in kept.items():
        Redirect.objects.create(old_path=path, redirect_page=page)
    Redirect.objects.create(old_path="/now", redirect_page=about, is_permanent=False)
    Redirect.objects.create(old_path="/other", redirect_link="https://example.org/")

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    assert set(Redirect.objects.values_list("old_path", flat=True)) >= set(kept)
    assert visitor.get("/2019/07/old-tea/")["Location"] == "/2026/03/04/tea/"
    assert visitor.get("/2026/03/04/tee-für-zwei/")["Location"] == "/2026/03/04/tea/"
    read = read_wxr(io.BytesIO(first.encode()))
    tea = next(each for each in read if isinstance(each, Item) and each.title == "Tea")
    slugs = [value for key, value in tea.meta if key == "_wp_old_slug"]
    assert slugs == ["te-a", "tee-f%c3%bcr-zwei"]
    assert ("_candour_old_path", "/2019/07/old-tea") in tea.meta


def test_reusable_blocks_come_back_to_the_texts_that_show_them(home, empty_again, tmp_path):
    index = make_page(home, PostIndexPage(title="Journal", slug="journal"))
    inner = save_block(ReusableBlock(title="Hours", raw_content="<!-- wp:paragraph -->\n<p>Nine "
                                     "to five</p>\n<!-- /wp:paragraph -->"))  # fmt: skip
    outer = save_block(ReusableBlock(title="Foot", status="trash"))
    # Numbers of pages are taken, so that blocks get others in the file.
    anna = create_user(username="anna", email="anna@example.org", password="pass")
    for number in range(3):
        create_entry(PostPage, index, user=anna, title=f"Post {number}", status="publish",
                     content=f'<!-- wp:block {{"ref":{inner.pk}}} /-->')  # fmt: skip
    ReusableBlock.objects.filter(pk=outer.pk).update(
        id=PostPage.objects.first().pk, raw_content=f'<!-- wp:block {{"ref":{inner.pk}}} /-->'
    )

    first, second = comes_back(empty_again, tmp_path)

    assert first == second
    assert "Nine to five" in PostPage.objects.get(title="Post 1").rendered_body
    assert ReusableBlock.objects.get(title="Foot").status == "trash"
    assert KeptRecord.objects.count() == 0


def test_translation_that_is_here_already_stays_the_only_one(home, tmp_path):
    index = make_page(home, PostIndexPage(title="Journal", slug="journal"))
    tea = make_page(index, PostPage(title="Tea", slug="tea"))
    named = made.meta(_candour_translation=str(tea.translation_key))
    broken = made.meta(_candour_translation="no such thing")

    outcome = bring_in(
        tmp_path, made.wxr(made.item(901, extra=named), made.item(902, extra=broken))
    )

    assert not outcome.has_failed
    assert PostPage.objects.get(translation_key=tea.translation_key) == tea
    assert PostPage.objects.filter(pk__in=[901, 902]).count() == 2
