import io
import tracemalloc
from collections import Counter
from json import loads
from zoneinfo import ZoneInfo

import pytest

from tests.wordpress import made
from wordpress.wxr.errors import WXRError
from wordpress.wxr.moments import moment_of
from wordpress.wxr.reading import read_wxr
from wordpress.wxr.records import Author, Item, MoreComments, Site, Term


def read(text):
    """Return the records of a file, and the fault at its end, if there is one."""
    data = text.encode() if isinstance(text, str) else text
    records = []
    try:
        for record in read_wxr(io.BytesIO(data)):
            records.append(record)
    except WXRError as fault:
        return records, fault
    return records, None


def items(text):
    return [record for record in read(text)[0] if isinstance(record, Item)]


def test_theme_unit_test_data_is_read_whole(samples):
    folder = samples / "wxr-samples"
    expected = loads((folder / "themeunittestdata.expected.json").read_text())
    with (folder / "themeunittestdata.wordpress.xml").open("rb") as file:
        records = list(read_wxr(file))

    found = [record for record in records if isinstance(record, Item)]
    comments = [comment for item in found for comment in item.comments]
    assert Counter(f"{item.kind}/{item.status}" for item in found) == expected["by_type_and_status"]
    assert len(found) == expected["items"]
    assert len(comments) == expected["comments"]
    assert Counter(comment.approved for comment in comments) == expected["comments_by_approved"]
    assert sum(bool(comment.parent) for comment in comments) == expected["comment_replies"]
    assert sum(len(item.meta) for item in found) == expected["postmeta"]
    terms = Counter(record.taxonomy for record in records if isinstance(record, Term))
    assert terms["category"] == expected["categories"]
    assert terms["post_tag"] == expected["tags"]
    assert terms["nav_menu"] == expected["terms"]
    assert sum(isinstance(record, Author) for record in records) == expected["authors"]
    assert records[0].version == expected["wxr_version"]


NAMESPACES = [
    "http://wordpress.org/export/1.0/",
    "https://wordpress.org/export/1.1/",
    "http://wordpress.org/export/1.2/",
    "https://wordpress.org/export/1.2",
]


@pytest.mark.parametrize("namespace", NAMESPACES)
@pytest.mark.parametrize("prefix", ["wp", "w", "x1"])
def test_names_are_told_by_their_namespace(namespace, prefix):
    text = (
        f'<rss xmlns:{prefix}="{namespace}" xmlns:c="http://purl.org/rss/1.0/modules/content/" '
        f'xmlns:e="{namespace.rstrip("/")}/excerpt/"><channel><title>Old</title><item>'
        f"<title>One</title><c:encoded>Text</c:encoded><e:encoded>Short</e:encoded>"
        f"<{prefix}:post_id>5</{prefix}:post_id><{prefix}:comment><{prefix}:comment_id>3"
        f"</{prefix}:comment_id></{prefix}:comment></item></channel></rss>"
    )

    [item] = items(text)

    assert (item.id, item.content, item.excerpt, item.comments[0].id) == (5, "Text", "Short", 3)


def test_prefix_that_nothing_binds_means_what_wordpress_means():
    [item] = items("<rss><channel><item><wp:post_id>5</wp:post_id></item></channel></rss>")

    assert item.id == 5


def test_prefix_bound_to_something_else_is_something_else():
    [item] = items(
        '<rss xmlns:wp="https://shop.example/ns"><channel><item><wp:post_id>5</wp:post_id>'
        "</item></channel></rss>"
    )

    assert item.id == 0


def test_blank_lines_and_a_mark_before_the_declaration_are_passed_over():
    records, fault = read(b"\n\n\xef\xbb\xbf \n" + made.wxr(made.item(5)).encode())

    assert fault is None
    assert records[1].id == 5
    assert records[1].line == 11


def test_odd_cdata_is_joined():
    text = "<![CDATA[a ]]]]><![CDATA[> b]]>c&amp;d<![CDATA[]]>"

    [item] = items(
        f"<rss><channel><item><title>{text}</title><wp:post_id>\n 7 \n</wp:post_id>"
        "</item></channel></rss>"
    )

    assert (item.title, item.id) == ("a ]]> bc&d", 7)


def test_markup_outside_cdata_loses_its_tags_and_keeps_its_words():
    [item] = items("<rss><channel><item><title>a <b>b</b> c</title></item></channel></rss>")

    assert item.title == "a b c"


def test_item_without_a_type_is_told_by_what_it_has():
    post, file = items(
        "<rss><channel><item><title>a</title></item><item><wp:attachment_url>http://a.example/b.jpg"
        "</wp:attachment_url></item></channel></rss>"
    )

    assert (post.kind, file.kind) == ("post", "attachment")


def test_terms_of_every_spelling_are_read_with_their_meta():
    records, _ = read(
        "<rss><channel><wp:tag><wp:tag_slug>t</wp:tag_slug><wp:tag_name>T</wp:tag_name></wp:tag>"
        "<wp:term><wp:term_taxonomy>genre</wp:term_taxonomy><wp:term_slug>g</wp:term_slug>"
        "<wp:termmeta><wp:meta_key>colour</wp:meta_key><wp:meta_value>red</wp:meta_value>"
        "</wp:termmeta></wp:term></channel></rss>"
    )

    tag, term = records[1:]
    assert (tag.taxonomy, tag.slug, tag.name) == ("post_tag", "t", "T")
    assert (term.taxonomy, term.slug, term.meta) == ("genre", "g", [("colour", "red")])


def test_malformed_file_gives_what_is_whole_and_names_the_place():
    whole = made.wxr(made.item(5), made.item(6))
    cut = whole[: whole.index("<title>Entry 6")] + "<title>broken </item>"

    records, fault = read(cut)

    assert [record.id for record in records if isinstance(record, Item)] == [5]
    lines = cut.splitlines()
    assert (fault.code, fault.line) == ("malformed", len(lines))
    assert lines[-1][fault.column - 1 :].startswith("item>")


def test_file_that_ends_in_the_middle_gives_what_is_whole():
    whole = made.wxr(made.item(5), made.item(6))

    records, fault = read(whole[: whole.index("<title>Entry 6") + 9])

    assert [record.id for record in records if isinstance(record, Item)] == [5]
    assert fault.code == "malformed"


@pytest.mark.parametrize(
    "text",
    ["", "\n\n", "no XML", "<html><body/></html>", "<rss/>",
     '<?xml version="1.0" encoding="GBK"?><rss/>', '<?xml version="1.0" encoding="none"?><rss/>'],
)  # fmt: skip
def test_what_is_no_export_is_refused(text):
    records, fault = read(text)

    assert records == []
    assert fault.code in {"malformed", "not_wxr"}


BOMB = '<!DOCTYPE rss [<!ENTITY a "aaaaaaaaaa">' + "".join(
    f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9)
)


@pytest.mark.parametrize(
    ("doctype", "code"),
    [
        (f"{BOMB}]>", "declares_entities"),
        ('<!DOCTYPE rss [<!ENTITY x SYSTEM "file:///etc/passwd">]>', "declares_entities"),
        ('<!DOCTYPE rss [<!ENTITY % x SYSTEM "http://a.example/x"> %x;]>', "declares_entities"),
        ('<!DOCTYPE rss SYSTEM "file:///etc/passwd">', "outside_reference"),
        ('<!DOCTYPE rss PUBLIC "-//A//B" "http://a.example/x.dtd">', "outside_reference"),
    ],
)
def test_entities_and_outside_references_are_refused_before_anything_is_read(doctype, code):
    records, fault = read(f"{doctype}<rss><channel><item><title>&a;</title></item></channel></rss>")

    assert records == []
    assert (fault.code, fault.line) == (code, 1)


def test_deep_nesting_is_refused():
    records, fault = read("<rss><channel><item>" + "<a>" * 100_000)

    assert [type(record) for record in records] == [Site]
    assert fault.code == "nested_too_deeply"


def test_comments_of_one_item_are_handed_out_in_portions():
    comments = "".join(made.comment(number) for number in range(1, 2502))

    records, _ = read(made.wxr(made.item(5, comments=comments), made.item(6)))

    first, *more, other = records[1:]
    assert (first.id, len(first.comments), other.id) == (5, 1000, 6)
    assert all(isinstance(each, MoreComments) and each.item_id == 5 for each in more)
    assert [len(each.comments) for each in more] == [1000, 501]
    assert [comment.id for comment in first.comments + more[0].comments + more[1].comments] == (
        list(range(1, 2502))
    )


def test_memory_does_not_grow_with_the_file(tmp_path):
    peaks = []
    for posts in (50, 500):
        path = made.write_site(tmp_path / f"{posts}.xml", posts, posts * 2)
        tracemalloc.start()
        with path.open("rb") as file:
            assert sum(isinstance(record, Item) for record in read_wxr(file)) == posts
        peaks.append(tracemalloc.get_traced_memory()[1])
        tracemalloc.stop()

    assert peaks[1] < peaks[0] * 1.5


@pytest.mark.parametrize("zone", ["America/New_York", "Pacific/Auckland"])
def test_last_moment_is_shown_by_the_clocks_of_any_zone(zone):
    last, zone = "9999-12-31 23:59:59", ZoneInfo(zone)

    for gmt, local in ((last, ""), ("", last)):
        assert moment_of(gmt, local, zone).astimezone(zone).year == 9999
    assert moment_of("", "", zone, "Fri, 31 Dec 9999 23:59:59 +0000") is None
