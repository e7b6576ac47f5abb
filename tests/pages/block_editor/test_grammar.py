import json
import time

import pytest

from pages.block_editor.autop import autop
from pages.block_editor.grammar import DEEPEST, json_of, opening_of, parse
from pages.block_editor.pieces import Writer, cut
from pages.block_editor.showing import cleaned, to_html


def tree(block):
    return [(part.name, part.attributes, tree(part)) if not isinstance(part, str) else part
            for part in block.parts if part != ""]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", []),
        ("just text", ["just text"]),
        ("a<!-- wp:x /-->b", ["a", ("core/x", {}, []), "b"]),
        ("<!-- wp:core/x /-->", [("core/x", {}, [])]),
        ("<!-- wp:my-plug_in/x2 /-->", [("my-plug_in/x2", {}, [])]),
        ('<!-- wp:x {"a":{"b":"}"}} /-->', [("core/x", {"a": {"b": "}"}}, [])]),
        ("<!-- wp:x {broken} -->y<!-- /wp:x -->", [("core/x", {}, ["y"])]),
        ("<!--\n\twp:x\n-->y<!-- /wp:x\n-->", [("core/x", {}, ["y"])]),
        ("<!-- wp:a -->1<!-- wp:b -->2<!-- /wp:b -->3<!-- /wp:a -->",
         [("core/a", {}, ["1", ("core/b", {}, ["2"]), "3"])]),
        # A closing comment closes the innermost block, whatever its name.
        ("<!-- wp:a -->x<!-- /wp:b -->y", [("core/a", {}, ["x"]), "y"]),
        # One that closes nothing ends the blocks of a text.
        ("a<!-- /wp:b --><!-- wp:c /-->", ["a<!-- /wp:b --><!-- wp:c /-->"]),
        ("<!-- wp:a -->never closed", [("core/a", {}, ["never closed"])]),
        # None of these is a delimiter.
        ("<!--wp:x -->", ["<!--wp:x -->"]),
        ("<!-- wp:X /-->", ["<!-- wp:X /-->"]),
        ("<!-- wp:2x /-->", ["<!-- wp:2x /-->"]),
        ('<!-- wp:x {"a":1}-->', ['<!-- wp:x {"a":1}-->']),
        ("<!-- wp:x y -->", ["<!-- wp:x y -->"]),
        ("<!-- more -->", ["<!-- more -->"]),
        ("<!-- wp:a {<!-- wp:b /-->", ["<!-- wp:a {", ("core/b", {}, [])]),
    ],
)  # fmt: skip
def test_texts_are_read_as_wordpress_reads_them(text, expected):
    assert tree(parse(text)) == expected


def test_attributes_cannot_end_their_comment():
    hostile = {"a": '--> <b> & "q" \\', "é": "字"}
    opening = opening_of("core/x", hostile)
    assert opening.count("--") == 2
    assert "<b>" not in opening
    [block] = parse(f"{opening}<!-- /wp:x -->").children
    assert block.attributes == hostile
    assert json_of({}) == ""


def test_blocks_below_the_deepest_level_are_text_of_the_one_around_them():
    names = [f"a{number}" for number in range(DEEPEST + 20)]
    text = "".join(f"<!-- wp:{name} -->" for name in names)
    text += "".join(f"<!-- /wp:{name} -->" for name in reversed(names)) + "<!-- wp:last /-->"
    document = parse(text)
    assert [child.name for child in document.children] == ["core/a0", "core/last"]
    depth, block = 0, document
    while block.children:
        depth, block = depth + 1, block.children[0]
    assert depth == DEEPEST


@pytest.mark.parametrize(
    "unit",
    [
        "<!-- wp:x -->", "<!-- wp:x {", '<!-- wp:x {"a":1} ', "<!-- /wp:x -->", "<!-- wp:x /-->",
        "<!-- ", "<!--", "}", "} ", "<", ">", "<p>", "<div>", "</div>", "<b>", "<b><p>", "\n", " ",
        "<!-- wp:paragraph -->\n<p>x</p>\n<!-- /wp:paragraph -->\n\n", "&", "<br>", "<iframe ",
        "<a href='x'>", "<img class=wp-image-1 ", '<!-- wp:x {"a":[[[[', "\n ", "<pre>",
    ],
)  # fmt: skip
def test_hostile_texts_take_no_more_than_time_in_proportion(unit):
    """A square of the length would take minutes for these."""
    text = (unit * (64_000 // len(unit) + 1))[:64_000]
    begun = time.process_time()
    for given in (text, f"<!-- wp:paragraph -->\n<p>{text}</p>\n<!-- /wp:paragraph -->",
                  f"<!-- wp:table -->{text}<!-- /wp:table -->"):  # fmt: skip
        found = cut(given, {})
        assert Writer(given, found.pieces).document(found.stream) == given
        cleaned(to_html(given))
    assert time.process_time() - begun < 5


def test_texts_too_long_for_any_editor_are_kept_whole():
    text = "<!-- wp:x /-->" * 800_000
    assert len(text) > 10_000_000
    found = cut(text, {})
    assert [block["type"] for block in found.stream] == ["raw"]
    assert found.stream[0]["value"] == text
    many = "<!-- wp:separator /-->\n" * 5_000
    assert len(cut(many, {}).stream) == 1
    assert json.dumps(cut(many, {}).stream)


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ("One\n\nTwo\nthree", "<p>One</p>\n<p>Two<br />\nthree</p>\n"),
        ("One\r\n\r\n\r\nTwo", "<p>One</p>\n<p>Two</p>\n"),
        ("", ""),
        ("a<br><br>b", "<p>a</p>\n<p>b</p>\n"),
        ("<div>text</div>\nafter", "<div>text</div>\n<p>after</p>\n"),
        ("<h2>T</h2>\nText", "<h2>T</h2>\n<p>Text</p>\n"),
        ("a\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\nb",
         "<p>a</p>\n<ul>\n<li>x</li>\n<li>y</li>\n</ul>\n<p>b</p>\n"),
        ("<blockquote>q\n\nr</blockquote>", "<blockquote><p>q</p>\n<p>r</p></blockquote>\n"),
        ("<pre>a\n\nb</pre>\n\nc", "<pre>a\n\nb</pre>\n<p>c</p>\n"),
        ("<p>own</p>\n<p>two\nlines</p>", "<p>own</p>\n<p>two<br />\nlines</p>\n"),
        ("a\n<!--more-->\nb", "<p>a<br />\n<!--more--><br />\nb</p>\n"),
        ("a\n\n<!--nextpage-->\n\nb<!-- own -->", "<p>a</p>\n<p><!--nextpage--></p>\n<p>b</p>\n"),
        ("a <em\nclass='x'>b</em>", "<p>a <em class='x'>b</em></p>\n"),
        ("[gallery ids=1]", "<p>[gallery ids=1]</p>\n"),
    ],
)  # fmt: skip
def test_classic_text_gets_its_paragraphs(text, html):
    assert autop(text) == html
