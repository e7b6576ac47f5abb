import json

import pytest

from pages.block_editor.showing import cleaned, to_html
from pages.rendering import render_text
from tests.pages.block_editor.documents import written


def shown(text):
    return cleaned(to_html(text))


def test_rendered_text_is_what_wordpress_recorded(samples):
    """The recordings hold paragraphs, headings, lists, links, entities and emphasis."""
    recorded = json.loads((samples / "wordpress-reference" / "posts-edit.json").read_text())
    contents = [item["content"] for item in recorded["collection"]["body"]]
    assert contents
    for content in contents:
        assert shown(content["raw"]) == content["rendered"]


@pytest.mark.parametrize(
    ("text", "html"),
    [
        (written("image", '<figure class="wp-block-image size-large"><img src="/x.jpg" alt="" '
                          'class="wp-image-9"/><figcaption class="wp-element-caption">C'
                          "</figcaption></figure>", {"id": 9}),
         '\n<figure class="wp-block-image size-large"><img src="/x.jpg" alt="" class="wp-image-9">'
         '<figcaption class="wp-element-caption">C</figcaption></figure>\n'),
        (written("columns", '<div class="wp-block-columns alignwide"><!-- wp:column {"width":"6"} '
                            '-->\n<div class="wp-block-column" style="flex-basis:66%"></div>\n'
                            "<!-- /wp:column --></div>"),
         '\n<div class="is-layout-flex wp-block-columns alignwide">\n'
         '<div class="is-layout-flow wp-block-column" style="flex-basis:66%"></div>\n</div>\n'),
        (written("buttons", '<div class="wp-block-buttons"></div>',
                 {"layout": {"type": "flex", "justifyContent": "center", "flexWrap": "nowrap"}}),
         '\n<div class="is-content-justification-center is-nowrap is-layout-flex wp-block-buttons">'
         "</div>\n"),
        (written("group", '<div class="wp-block-group">x</div>',
                 {"layout": {"type": "constrained"}}),
         '\n<div class="is-layout-constrained wp-block-group">x</div>\n'),
        (written("separator", '<hr class="wp-block-separator has-alpha-channel-opacity"/>'),
         '\n<hr class="wp-block-separator has-alpha-channel-opacity">\n'),
        (written("embed", '<figure class="wp-block-embed is-provider-youtube"><div class="wp-block-'
                          'embed__wrapper">\nhttps://v.test/w?a=1&amp;b=2\n</div></figure>'),
         '\n<figure class="wp-block-embed is-provider-youtube">'
         '<div class="wp-block-embed__wrapper">\n<a href="https://v.test/w?a=1&amp;b=2" '
         'rel="nofollow noreferrer">'
         "https://v.test/w?a=1&amp;b=2</a>\n</div></figure>\n"),
        ('<!-- wp:latest-posts {"postsToShow":3} /-->', ""),
        (written("more", "<!--more-->"), "\n<!--more-->\n"),
        (written("shortcode", "[plug ids=1]"), "<p>[plug ids=1]</p>\n"),
        (written("plug/in", '<section class="theirs">x</section>'),
         '\n<section class="theirs">x</section>\n'),
        ("a\n\n<!-- wp:x /-->b", "a\n\nb"),
    ],
)  # fmt: skip
def test_blocks_are_shown_as_wordpress_shows_them(text, html):
    assert shown(text) == html


@pytest.mark.parametrize(
    "html",
    [
        "<script>alert(1)</script>", "<img src=x onerror=alert(1)>",
        "<form action=/x><input></form>",
        '<a href="javascript:alert(1)">x</a>', "<svg onload=alert(1)>", "<style>*{}</style>",
        '<object data="https://e.test/x"></object>', '<link rel="stylesheet" href="https://e.test">',
        '<iframe srcdoc="<script>alert(1)</script>"></iframe>', "<base href=https://e.test/>",
        '<p title="<img " alt="onmouseover=alert(1) x=" class="wp-image-1">',
        "<math><mi//xlink:href=x>",
        '<div style="background:url(https://e.test/x);position:fixed">x</div>',
        '<meta http-equiv="refresh" content="0;url=https://e.test">', "<!-- wp:x --><script>",
    ],
)  # fmt: skip
@pytest.mark.parametrize("kind", ["html", "paragraph", "", "embed", "columns"])
def test_nothing_that_acts_is_shown(html, kind):
    result = shown(written(kind, html) if kind else html).lower()
    for forbidden in ("<script", "onerror", "<form", "<input", "javascript:", "<svg", "<style",
                      "<object", "<link", "<iframe", "<base", "<math", "url(", "position", "<meta",
                      "srcdoc", " onmouseover=\"", "<img onmouseover", "onload"):  # fmt: skip
        assert forbidden not in result


def test_frames_become_links_and_players_wait_to_be_asked():
    frame = '<iframe width="560" src="https://www.youtube.com/embed/x?a=1&amp;b" allow></iframe>'
    assert shown(written("html", frame)) == (
        '\n<a href="https://www.youtube.com/embed/x?a=1&amp;b" rel="nofollow noreferrer">'
        "https://www.youtube.com/embed/x?a=1&amp;b</a>\n"
    )
    player = '<figure class="wp-block-video"><video autoplay src="https://e.test/v.mp4"></video></figure>'
    result = shown(written("video", player))
    assert 'preload="none"' in result
    assert "autoplay" not in result


def test_html_that_is_nested_past_reason_is_shown_as_text():
    result = shown("<!-- wp:html -->" + "<div>" * 5_000 + "<!-- /wp:html -->")
    assert result.startswith("<pre>&lt;div&gt;")


def test_pictures_of_the_library_come_in_all_their_sizes(image, django_assert_num_queries):
    src, key = image.file.url, image.pk
    text = written("image", f'<figure class="wp-block-image"><img src="{src}" alt="Own" '
                            f'class="wp-image-{key}"/></figure>', {"id": key})  # fmt: skip
    with django_assert_num_queries(1):
        html = render_text(text * 5)
    assert html.count('alt="Own"') == html.count('loading="lazy"') == html.count("<img ") == 5
    assert f'width="{image.width}" height="{image.height}"' in html
    elsewhere = render_text(text.replace(src, "https://e.test/x.jpg"))
    assert 'src="https://e.test/x.jpg"' in elsewhere
    assert "width=" not in elsewhere
    classic = render_text(f'<img class="alignleft wp-image-{key}" src="{src}" width="20">')
    assert 'class="alignleft' in classic
    assert 'width="20"' in classic
    assert "height" not in classic


@pytest.mark.django_db
def test_a_picture_tag_in_an_attribute_is_no_picture(image):
    key = image.pk
    html = render_text(
        f'<p title=\'<img class="wp-image-{key}" src="{image.file.url}" '
        'alt="&quot; onclick=x">\'>x</p>'
    )
    assert "onclick=x" not in html.replace("&quot; onclick=x", "")
