"""Shortcodes of media become what WordPress 6.1 makes of them."""

from html.parser import HTMLParser

import pytest

from pages.block_editor.shortcodes import with_attached
from pages.block_editor.showing import cleaned, to_html
from pages.rendering import render_text, with_whole_addresses
from tests.pages.block_editor.documents import written

PICTURE = '<img class="size-large wp-image-9" src="https://e.test/a.jpg" alt="b" width="604">'


def shown(text):
    return cleaned(to_html(text))


@pytest.mark.parametrize(
    ("text", "html"),
    [
        ('[caption id="attachment_9" align="alignleft" width="604"]'
         f'<a href="https://e.test/a.jpg">{PICTURE}</a> On the <em>wharf</em>[/caption]',
         '<figure id="attachment_9" aria-describedby="caption-attachment-9" style="width:604px" '
         f'class="wp-caption alignleft"><a href="https://e.test/a.jpg">{PICTURE}</a>'
         '<figcaption id="caption-attachment-9" class="wp-caption-text">On the <em>wharf</em>'
         "</figcaption></figure>\n"),
        (f'Before\n\n[caption width="300" caption="Old way"]{PICTURE}[/caption]\n\nAfter',
         '<p>Before</p>\n<figure style="width:300px" class="wp-caption alignnone">'
         f'{PICTURE}<figcaption class="wp-caption-text">Old way</figcaption></figure>\n'
         "<p>After</p>\n"),
        (f"[caption]{PICTURE} No width[/caption]", f"<p>{PICTURE} No width</p>\n"),
        ('[audio mp3="https://e.test/a.mp3" ogg="/a.ogg" loop="1"][/audio]',
         '<audio class="wp-audio-shortcode" loop="1" style="width:100%" controls="controls" '
         'preload="none"><source type="audio/mpeg" src="https://e.test/a.mp3">'
         '<source type="audio/ogg" src="/a.ogg"><a href="https://e.test/a.mp3">'
         "https://e.test/a.mp3</a></audio>\n"),
        ("[audio https://e.test/a.mp3]",
         '<audio class="wp-audio-shortcode" style="width:100%" controls="controls" preload="none">'
         '<source type="audio/mpeg" src="https://e.test/a.mp3"><a href="https://e.test/a.mp3">'
         "https://e.test/a.mp3</a></audio>\n"),
        ('[video src="https://e.test/a.mp4" width="320" height="240"]',
         '<div style="width:320px" class="wp-video"><video class="wp-video-shortcode" width="320" '
         'height="240" controls="controls" preload="none"><source type="video/mp4" '
         'src="https://e.test/a.mp4"><a href="https://e.test/a.mp4">https://e.test/a.mp4</a>'
         "</video></div>\n"),
        ('[video src="https://films.test/9"]',
         '<p><a href="https://films.test/9" rel="nofollow noreferrer">https://films.test/9</a></p>\n'),
        ("[embed width=300]https://e.test/x?a=1&b=2[/embed]",
         '<p><a href="https://e.test/x?a=1&amp;b=2" rel="nofollow noreferrer">'
         "https://e.test/x?a=1&amp;b=2</a></p>\n"),
        ("One [[gallery]] of [plug a=1]x[/plug]", "<p>One [gallery] of [plug a=1]x[/plug]</p>\n"),
        ("[gallery] [caption]", "<p>[gallery] [caption]</p>\n"),
        ('[gallery ids="9999"]', "\n\n"),
        ('One\n\n[gallery ids=""]', "<p>One</p>\n\n"),
        ('<a title="[audio /a.mp3]">x</a>', '<p><a title="[audio /a.mp3]">x</a></p>\n'),
        ('[audio src="javascript:alert(1)"]', '<p>[audio src="javascript:alert(1)"]</p>\n'),
    ],
)  # fmt: skip
def test_shortcodes_of_media_are_shown_as_wordpress_shows_them(text, html):
    assert shown(text) == html


@pytest.mark.parametrize(
    "text",
    [
        f'[caption width="9" class="x\\" onmouseover=\\"alert(1)"]{PICTURE} a[/caption]',
        f"[caption width='9' align='\" onmouseover=\"alert(1)']{PICTURE} a[/caption]",
        f'[caption width="9"]{PICTURE} <script>alert(1)</script>[/caption]',
        "[audio src='https://e.test/a.mp3\" onerror=\"alert(1)']",
        '[video src="https://e.test/\'><script>alert(1)</script>.mp4"]',
        "[embed]javascript:alert(1)[/embed]",
        '<img data-gallery="x" data-size="a" onerror="alert(1)" src="x">',
    ],
)
def test_no_shortcode_brings_in_what_acts(text):
    reader = Attributes()
    reader.feed(shown(text))
    assert "script" not in reader.elements
    assert not [name for name, _value in reader.found if name.startswith("on")]
    assert not [value for _name, value in reader.found if value.startswith("javascript:")]


class Attributes(HTMLParser):
    def __init__(self):
        super().__init__()
        self.elements, self.found = set(), []

    def handle_starttag(self, tag, attrs):
        self.elements.add(tag)
        self.found += [(name, value or "") for name, value in attrs]


def test_many_shortcodes_without_an_end_are_read_once():
    assert shown("[caption width=1]" * 20_000).count("[caption width=1]") == 20_000


def test_a_gallery_shows_pictures_of_the_library(image):
    image.caption = "A <caption>"
    image.save()

    html = render_text(f'[gallery ids="{image.pk},987654" columns="2" size="full"]')

    assert html.startswith(
        '<div id="gallery-1" class="gallery gallery-columns-2 gallery-size-full">'
        '<figure class="gallery-item"><div class="gallery-icon portrait">'
        f'<a href="{image.file.url}">'
        f'<img width="{image.width}" height="{image.height}" src="{image.file.url}" '
        'class="attachment-full size-full"'
    )
    assert "A &lt;caption&gt;</figcaption></figure></div>" in html
    assert html.count("<img ") == 1
    assert "<a " not in render_text(f'[gallery ids="{image.pk}" link="none"]')


def test_a_gallery_without_ids_shows_what_is_attached(post, image):
    image.attached_to = post
    image.save()
    post.raw_content = ""
    post.body = [("raw", written("shortcode", "[gallery columns=1]"))]
    post.save()
    assert f'class="gallery galleryid-{post.pk} gallery-columns-1' in post.rendered_body
    assert image.file.url in post.rendered_body


def test_a_gallery_follows_what_is_attached(post, image, django_capture_on_commit_callbacks):
    post.body = [("raw", written("shortcode", "[gallery]"))]
    post.save()
    assert "gallery" not in post.rendered_body
    with django_capture_on_commit_callbacks(execute=True):
        image.attached_to = post
        image.save()
    post.refresh_from_db()
    assert image.file.url in post.rendered_body


def test_only_galleries_ask_for_what_is_attached():
    def attached():
        raise AssertionError("Nobody needs them.")

    text = '[gallery ids="1"] [audio /a.mp3] [gallery id="4"]'
    assert with_attached(text, 7, attached) == (
        '[gallery ids="1" id="7"] [audio /a.mp3] [gallery id="4"]'
    )
    assert with_attached("[gallery exclude=2]", 7, lambda: [1, 2, 3]) == (
        '[gallery exclude=2 id="7" ids="1,3"]'
    )


def test_a_cover_keeps_the_picture_behind_it():
    html = shown(written(
        "cover", '<div class="wp-block-cover" style="background-image:url(/uploads/a.jpg)">x</div>'
    ))  # fmt: skip
    assert 'style="background-image:url(&quot;/uploads/a.jpg&quot;)"' in html
    assert "url(&quot;http" in with_whole_addresses(html)
