"""Excerpts, as WordPress makes them."""

from pages.excerpts import BEGINNING, WORDS, make_excerpt


def paragraph_of(count, word="word"):
    return f"<p>{' '.join(f'{word}{number}' for number in range(count))}</p>"


def test_short_text_is_its_own_excerpt():
    assert make_excerpt("<p>Some words.</p>") == "<p>Some words.</p>\n"


def test_long_text_is_cut_at_55_words_and_says_so():
    shown = make_excerpt(paragraph_of(56))

    assert shown.startswith("<p>word0 word1 ")
    assert shown.endswith(f"word{WORDS - 1} [&hellip;]</p>\n")
    assert "[&hellip;]" not in make_excerpt(paragraph_of(55))


def test_blocks_without_words_of_their_own_are_left_out():
    html = (
        '<figure class="wp-block-image"><img src="a"><figcaption>Caption</figcaption></figure>'
        '<pre class="wp-block-code"><code>code()</code></pre><script>x()</script>'
        "<h2>Heading</h2><p>Text</p><ul><li>One</li><li>Two</li></ul>"
        '<figure class="wp-block-table"><table><tr><td>Cell</td></tr></table></figure>'
    )
    assert make_excerpt(html) == "<p>Heading Text One Two Cell</p>\n"


def test_written_excerpt_is_kept_in_paragraphs():
    assert make_excerpt("<p>Text</p>", written="It's so & so") == "<p>It&#8217;s so &#038; so</p>\n"
    assert make_excerpt("", written="a > b") == "<p>a &gt; b</p>\n"
    assert make_excerpt("", written="One\nline\n\nTwo") == ("<p>One<br />\nline</p>\n<p>Two</p>\n")


def test_written_excerpt_may_have_marks_and_nothing_that_acts():
    written = "It's <em>so</em> & <a href='javascript:x()' onclick='x()'>so</a><script>x()</script>"

    assert make_excerpt("", written=written) == ("<p>It&#8217;s <em>so</em> &#038; <a>so</a></p>\n")


def test_an_excerpt_ends_where_the_author_cut_the_text():
    assert make_excerpt("<p>One</p>\n<!--more-->\n<p>Two</p>") == "<p>One</p>\n"
    assert make_excerpt("<p>One</p>\n<p><!--nextpage--></p>\n<p>Two</p>") == "<p>One</p>\n"


def test_buttons_and_players_are_no_part_of_an_excerpt():
    html = (
        '<p>One</p><div class="wp-block-buttons"><div class="wp-block-button"><a>B</a></div></div>'
        '<div style="width:9px" class="wp-video"><video><a href="/v.mp4">/v.mp4</a></video></div>'
        '<audio controls=""><a href="/a.mp3">/a.mp3</a></audio><p>Two</p>'
    )
    assert make_excerpt(html) == "<p>One Two</p>\n"


def test_nothing_makes_nothing():
    assert make_excerpt("") == make_excerpt("<p></p>") == make_excerpt("<hr>") == ""


def test_languages_without_spaces_are_cut_by_signs():
    shown = make_excerpt(f"<p>{'茶' * 80}</p>", by_signs=True)

    assert shown == f"<p>{'茶' * WORDS} [&hellip;]</p>\n"
    assert make_excerpt("<p>茶 道</p>", by_signs=True) == "<p>茶 道</p>\n"


def test_beginning_of_a_long_text_says_the_same_as_the_whole():
    picture = f'<figure class="wp-block-image">{"<b>x</b> " * BEGINNING}</figure>'
    for start in (paragraph_of(40), paragraph_of(80), "<p>a</p>" * 9):
        html = start + picture + paragraph_of(90, "later")
        whole = [word for word in make_excerpt(html).split() if word.startswith(("<p>x", "x"))]
        assert whole == []
    tags = "<p><b>a</b> </p>" * BEGINNING
    assert make_excerpt(tags).count("a ") == WORDS
