import xml.etree.ElementTree as ElementTree

import pytest
from django.urls import reverse

from pages.block_editor.keeping import raw_of, set_raw
from pages.block_editor.pieces import digest_of
from pages.models import PostPage, StandardPage
from pages.services.content import make_page
from tests.calls import called
from tests.pages.block_editor.documents import written
from tests.pages.block_editor.forms import form_data

CONTENT = "{http://purl.org/rss/1.0/modules/content/}encoded"
POST = "\n\n".join([
    written("paragraph", '<p class="has-text-align-center">Some <strong>bold</strong> and '
                         '<a href="https://e.test/" target="_blank" rel="noopener">linked</a>&nbsp;'
                         'words,  spaced<br>\nover lines.</p>', {"align": "center"}),
    written("heading", '<h3 class="wp-block-heading" id="here">A &amp; B</h3>', {"level": 3}),
    written("list", '<ul class="fancy"><!-- wp:list-item -->\n<li>One<!-- wp:list -->\n<ul>'
                    "<!-- wp:list-item -->\n<li>inner</li>\n<!-- /wp:list-item --></ul>\n"
                    "<!-- /wp:list --></li>\n<!-- /wp:list-item --></ul>", {"className": "fancy"}),
    written("quote", '<blockquote class="wp-block-quote">'
                     + written("paragraph", "<p>Said.</p>") + "<cite>Her</cite></blockquote>"),
    written("code", '<pre class="wp-block-code"><code>&lt;b&gt; if a > b\n\n  x</code></pre>'),
    written("table", '<figure class="wp-block-table is-style-stripes"><table class="has-fixed">'
                     "<thead><tr><th>A</th><th></th></tr></thead><tbody><tr><td>1 <em>x</em></td>"
                     "<td></td></tr></tbody></table><figcaption>T</figcaption></figure>"),
    written("separator", '<hr class="wp-block-separator is-style-dots"/>'),
    written("embed", '<figure class="wp-block-embed is-type-video"><div class="wp-block-embed__wrap'
                     'per">\nhttps://v.test/w?a=1&amp;b=2\n</div></figure>',
            {"url": "https://v.test/w?a=1&b=2", "type": "video"}),
    written("buttons", '<div class="wp-block-buttons">' + written(
        "button", '<div class="wp-block-button is-style-outline"><a class="wp-block-button__link" '
                  'href="/shop/?a=1&amp;b=2">Buy</a></div>') + "</div>"),
    written("columns", '<div class="wp-block-columns alignwide">' + "\n\n".join(
        written("column", f'<div class="wp-block-column" style="flex-basis:{width}">'
                + written("paragraph", f"<p>{width}</p>") + "\n\n"
                + written("plug/in", "<b>raw</b>") + "</div>", {"width": width})
        for width in ("66%", "34%")) + "</div>"),
    written("html", "<div>\n<b>own</b>\n</div>"),
    "  freeform text",
    '<!-- wp:latest-posts {"postsToShow":3} /-->',
    written("plug/in", "<section>theirs</section>", {"deep": {"er": ["a--b"]}}),
])  # fmt: skip


def given(post, text):
    set_raw(post, text)
    post.save_revision().publish()
    return PostPage.objects.get(pk=post.pk)


def open_and_save(client, post, **changed):
    data = form_data(post, **changed) | {"action-publish": "action-publish"}
    answer = client.post(reverse("wagtailadmin_pages:edit", args=[post.pk]), data)
    assert answer.status_code == 302, answer.context["form"].errors.as_json()
    return PostPage.objects.get(pk=post.pk)


def test_real_contents_come_back_byte_by_byte(samples, post):
    tree = ElementTree.parse(samples / "wxr-samples" / "themeunittestdata.wordpress.xml")
    contents = {item.findtext(CONTENT) or "" for item in tree.iter("item")}
    assert len(contents) > 90
    for text in contents:
        set_raw(post, text)
        assert raw_of(post) == text
        post.save()
        stored = PostPage.objects.values("body", "raw_content", "raw_pieces").get(pk=post.pk)
        assert stored["raw_content"] == text
        assert raw_of(stored) == text


def test_every_kind_has_its_block(post):
    set_raw(post, POST)
    kinds = [block.block_type for block in post.body]
    assert kinds == ["paragraph", "heading", "list", "quote", "code", "table", "separator", "embed",
                     "buttons", "columns", "html", "raw", "raw", "raw"]  # fmt: skip
    assert [child.block_type for child in post.body[9].value[1]] == ["paragraph", "raw"]


@pytest.mark.parametrize("name", ["buttons", "columns", "gallery"])
@pytest.mark.parametrize("html", ["", "<div></div>"])
def test_what_holds_blocks_may_hold_none(post, name, html):
    text = written(name, html)
    set_raw(post, text)
    post.save()
    assert raw_of(post) == text


def test_opening_and_saving_in_the_admin_changes_no_character(post, administrator, signed_in):
    post = given(post, POST)
    client = signed_in(administrator)
    assert client.get(reverse("wagtailadmin_pages:edit", args=[post.pk])).status_code == 200
    for title in ("Once", "Twice"):
        post = open_and_save(client, post, title=title)
        assert post.title == title
        assert post.raw_content == POST
        assert raw_of(post) == POST


def test_an_edit_in_the_admin_changes_its_block_alone(post, administrator, signed_in):
    post = given(post, POST)
    post = open_and_save(signed_in(administrator), post, **{"body-1-value-text": "Another"})
    assert post.raw_content == POST.replace("A &amp; B", "Another")
    post.body[9].value[1][0].value.source = "<p>edited</p>"
    post = open_and_save(signed_in(administrator), post)
    assert post.raw_content == POST.replace("A &amp; B", "Another").replace(
        "<p>34%</p>", "<p>edited</p>"
    )


def test_attributes_that_the_admin_does_not_show_survive_an_edit(post):
    set_raw(post, POST)
    post.body[0].value.source = '<p><b>New</b> <a href="https://e.test/">link</a></p>'
    post.body[2].value.source = "<ul><li>Only</li></ul>"
    post.body[8].value[0]["text"] = "Sell"
    post.save()
    assert post.raw_content.startswith(
        '<!-- wp:paragraph {"align": "center"} -->\n<p class="has-text-align-center"><strong>New'
        '</strong> <a href="https://e.test/" target="_blank" rel="noopener">link</a></p>'
    )
    assert ('<ul class="fancy"><!-- wp:list-item -->\n<li>Only</li>\n<!-- /wp:list-item --></ul>'
            in post.raw_content)  # fmt: skip
    assert 'is-style-outline"><a class="wp-block-button__link" href="/shop/?a=1&amp;b=2">Sell<' in (
        post.raw_content
    )


def test_a_draft_gives_out_what_it_says(post):
    set_raw(post, POST)
    post.save()
    post.body[1].value["text"] = "Drafted"
    post.save_revision()
    draft = PostPage.objects.get(pk=post.pk).get_latest_revision_as_object()
    assert raw_of(draft) == POST.replace("A &amp; B", "Drafted")
    assert raw_of(PostPage.objects.get(pk=post.pk)) == POST


def test_what_the_admin_wrote_is_given_out_as_blocks(home, post):
    post.body = [
        ("paragraph", f'<p>One <a linktype="page" id="{home.pk}">home</a></p><h3>Two</h3>'
                      "<ul><li>x</li></ul><hr/><p>Three</p>"),
        ("quote", {"text": "Said.", "attribution": "Her"}),
        ("code", "<b>"),
        ("separator", None),
        ("html", "<i>own</i>"),
    ]  # fmt: skip
    post.save()
    assert raw_of(post) == post.raw_content == "\n\n".join([
        '<!-- wp:paragraph -->\n<p>One <a href="/">home</a></p>\n<!-- /wp:paragraph -->',
        '<!-- wp:heading {"level":3} -->\n<h3>Two</h3>\n<!-- /wp:heading -->',
        "<!-- wp:list -->\n<ul><!-- wp:list-item -->\n<li>x</li>\n<!-- /wp:list-item --></ul>\n"
        "<!-- /wp:list -->",
        '<!-- wp:separator -->\n<hr class="wp-block-separator has-alpha-channel-opacity"/>\n'
        "<!-- /wp:separator -->",
        "<!-- wp:paragraph -->\n<p>Three</p>\n<!-- /wp:paragraph -->",
        '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n'
        "<p>Said.</p>\n<!-- /wp:paragraph --><cite>Her</cite></blockquote>\n<!-- /wp:quote -->",
        '<!-- wp:code -->\n<pre class="wp-block-code"><code>&lt;b></code></pre>\n<!-- /wp:code -->',
        '<!-- wp:separator -->\n<hr class="wp-block-separator has-alpha-channel-opacity"/>\n'
        "<!-- /wp:separator -->",
        "<!-- wp:html -->\n<i>own</i>\n<!-- /wp:html -->",
    ])  # fmt: skip


def test_blocks_that_come_back_unchanged_keep_what_the_text_cannot_say(home, post):
    link = f'<p>To <a linktype="page" id="{home.pk}">home</a></p>'
    post.body = [("paragraph", link), ("heading", {"text": "Title", "level": "2"})]
    post.save()
    before = [block.id for block in post.body]
    set_raw(post, post.raw_content.replace("Title", "Other").replace("\n\n", "\n"))
    assert post.body[0].value.source == link
    assert post.body[0].id == before[0]
    assert post.body[1].id != before[1]
    assert post.body[1].value["text"] == "Other"
    text = post.raw_content
    post.save()
    assert post.raw_content == text


def test_classic_text_gets_its_paragraphs_and_keeps_them_beside_blocks(post):
    post = given(post, "One\ntwo\n\nThree [plug ids=1]")
    assert post.rendered_body == "<p>One<br>\ntwo</p>\n<p>Three [plug ids=1]</p>\n"
    assert post.raw_content == "One\ntwo\n\nThree [plug ids=1]"
    post.body.append(("heading", {"text": "After", "level": "2"}))
    post.save()
    assert post.raw_content == (
        "<p>One<br />\ntwo</p>\n<p>Three [plug ids=1]</p>\n\n"
        "<!-- wp:heading -->\n<h2>After</h2>\n<!-- /wp:heading -->"
    )


def test_pictures_of_the_library_are_picture_blocks(post, image, django_assert_num_queries):
    src = image.file.url
    one = written("image", '<figure class="wp-block-image size-full"><a href="/x/">'
                           f'<img src="{src}" alt="Seen" class="wp-image-{image.pk}"/></a>'
                           "<figcaption>Cap</figcaption></figure>",
                  {"id": image.pk, "sizeSlug": "full"})  # fmt: skip
    gallery = written("gallery", '<figure class="wp-block-gallery has-nested-images columns-3">'
                                 f"{one}\n\n{one}</figure>", {"columns": 3})  # fmt: skip
    text = f"{one}\n\n{gallery}"
    set_raw(post, text)
    assert [block.block_type for block in post.body] == ["picture", "gallery"]
    assert post.body[0].value["image"] == image
    post.body[0].value["alt"] = "Changed"
    post.body[1].value["pictures"][1]["caption"] = "Second"
    post.save()
    first, second, third = post.raw_content.split(f'<!-- wp:image {{"id": {image.pk},')[1:]
    for text, alt, caption in ((first, "Changed", "Cap"), (second, "Seen", "Cap"),
                               (third, "Seen", "Second")):  # fmt: skip
        assert f'alt="{alt}"' in text
        assert f"<figcaption>{caption}</figcaption>" in text
    assert post.rendered_body.count("<img ") == 3
    row = PostPage.objects.values("body", "raw_content", "raw_pieces").get(pk=post.pk)
    with django_assert_num_queries(0):
        assert raw_of(row) == post.raw_content


@pytest.mark.parametrize("count", [1, 12])
def test_saving_looks_pictures_up_twice_whatever_their_number(
    post, image, count, django_assert_max_num_queries
):
    post.body = [("picture", {"image": image, "alt": "", "caption": ""})] * count
    with django_assert_max_num_queries(2):
        post.render()
    assert post.rendered_body.count('alt="A view"') == count


def test_a_body_that_nobody_edited_is_not_written_anew(post):
    set_raw(post, POST)
    assert called(post.render, digest_of) == []
    assert called(lambda: set_raw(post, POST + "\n\nmore"), digest_of) != []
    post.body[1].value["text"] = "Edited"
    assert called(post.render, digest_of) != []
    assert "Edited" in post.rendered_body


def test_saving_the_same_text_again_shows_links_and_pictures_as_they_are_now(home, post, image):
    page = make_page(home, StandardPage(title="About", slug="about"))
    shown = f'<img src="{image.file.url}" class="wp-image-{image.pk}">'
    post.body = [("paragraph", f'<p><a linktype="page" id="{page.pk}">About</a></p>'),
                 ("html", shown)]  # fmt: skip
    post.save()
    assert 'href="/about/"' in post.rendered_body
    assert f'width="{image.width}"' in post.rendered_body

    page.slug = "company"
    page.save()
    type(image).objects.filter(pk=image.pk).update(width=4321)
    post.save()
    assert 'href="/company/"' in post.rendered_body
    assert 'width="4321"' in post.rendered_body


def test_a_picture_that_is_gone_leaves_nothing_behind(post, image):
    picture = {"image": image, "alt": "", "caption": ""}
    post.body = [("picture", picture), ("html", "<b>x</b>")]
    post.save()
    assert post.raw_content.count("<img ") == 1
    image.delete()
    post = PostPage.objects.get(pk=post.pk)
    post.save()
    assert post.raw_content == "<!-- wp:html -->\n<b>x</b>\n<!-- /wp:html -->"
    assert "<img" not in post.rendered_body


def test_text_whose_pieces_are_not_its_own_is_written_from_the_body(post):
    set_raw(post, POST)
    post.raw_content = "Something else was put here."
    assert "A &amp; B" in raw_of(post)


def test_the_admin_shows_what_raw_texts_look_like(post, administrator, signed_in, visitor):
    evil = written("plug/in", "<section>theirs<script>alert(1)</script></section>")
    post = given(post, f"{POST}\n\n{evil}")
    client = signed_in(administrator)
    html = client.get(reverse("wagtailadmin_pages:edit", args=[post.pk])).content.decode()
    assert html.count("<section>theirs</section>") == 2
    assert "block-text-preview" in html
    address = reverse("block_text_preview")
    answer = client.post(address, {"text": evil})
    assert answer.content.decode() == "\n<section>theirs</section>\n"
    assert client.get(address).status_code == 405
    assert visitor.post(address, {"text": evil}).status_code in (302, 403)


def test_a_page_without_raw_text_has_no_panel_for_it(post, administrator, signed_in):
    html = signed_in(administrator).get(reverse("wagtailadmin_pages:edit", args=[post.pk]))
    assert "Block-editor text, as it is shown" not in html.content.decode()


def test_a_preview_shows_the_draft(post, administrator, signed_in):
    client = signed_in(administrator)
    address = reverse("wagtailadmin_pages:preview_on_edit", args=[post.pk])
    post.body = [("raw", written("plug/in", "<section>drafted</section>"))]
    assert client.post(address, form_data(post)).json()["is_valid"]
    assert "<section>drafted</section>" in client.get(address).content.decode()
