"""Typographic signs, as WordPress puts them."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.texturize import texturize, title_html

CASES = {
    'She said "hello".': "She said &#8220;hello&#8221;.",
    "it's 'quoted'": "it&#8217;s &#8216;quoted&#8217;",
    "wait... what": "wait&#8230; what",
    "one -- two": "one &#8212; two",
    "1939--1945": "1939&#8211;1945",
    "a --- b": "a &#8212; b",
    "this - that": "this &#8211; that",
    "well-known": "well-known",
    "xn--bcher": "xn--bcher",
    "in the '90s": "in the &#8217;90s",
    "'Class of '99'": "&#8216;Class of &#8217;99&#8217;",
    "'tis": "&#8217;tis",
    "get 'em": "get &#8217;em",
    "6 feet 4\"": "6 feet 4&#8243;",
    "5' tall": "5&#8242; tall",
    "He's 5' tall": "He&#8217;s 5&#8242; tall",
    '"a 12" pizza"': "&#8220;a 12&#8243; pizza&#8221;",
    "9x9": "9&#215;9",
    "300x200 px": "300&#215;200 px",
    "0x9f": "0x9f",
    "x (tm)": "x &#8482;",
    "``old style''": "&#8220;old style&#8221;",
    "R&D and AT&amp;T": "R&#038;D and AT&amp;T",
    '("inside")': "(&#8220;inside&#8221;)",
    "<b>\"bold\"</b>": "<b>&#8220;bold&#8221;</b>",
    '<a title="it\'s -- so">it\'s</a>': '<a title="it\'s -- so">it&#8217;s</a>',
    "<code>\"a\" -- b</code> \"c\"": "<code>\"a\" -- b</code> &#8220;c&#8221;",
    "<pre class='x'><b>'a'</b></pre>'b'": "<pre class='x'><b>'a'</b></pre>&#8216;b&#8217;",
    "<!-- 'a' -- b --> 'c'": "<!-- 'a' -- b --> &#8216;c&#8217;",
    "[gallery ids='1,2'] 'a'": "[gallery ids='1,2'] &#8216;a&#8217;",
    "[code]'a'[/code] 'b'": "[code]'a'[/code] &#8216;b&#8217;",
    "“already” – curly’s": "“already” – curly’s",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize("typed", CASES)
def test_signs(typed):
    assert texturize(typed) == CASES[typed]


@given(st.text(alphabet="ab 9x\"'-.&<>[]/!\n\ue000", max_size=60))
def test_no_text_breaks_it_and_no_mark_of_its_own_is_left(typed):
    shown = texturize(typed)

    assert not {"\ue000", "\ue001", "\ue002"} & set(shown)
    assert shown.count("<") == typed.count("<")


@given(st.text(alphabet="ab 9,.!?()", max_size=60).filter(lambda text: "..." not in text))
def test_what_has_no_signs_to_change_stays(typed):
    assert texturize(typed) == typed


TITLES = {
    "Title <em>With</em> <b>Mark<sup>up</sup></b>": "Title <em>With</em> <b>Mark<sup>up</sup></b>",
    "~`!@#$%^&*()-_=+{}[]/\\;:'\"?,.>": "~`!@#$%^&#038;*()-_=+{}[]/\\;:'&#8221;?,.>",
    "A &amp; B & 3 < 4": "A &amp; B &#038; 3 < 4",
    "Picture 1200x4002": "Picture 1200&#215;4002",
    "<script>x</script>": "&lt;script>x&lt;/script>",
    "<b onclick=x>a</b><img src=x>": "&lt;b onclick=x>a</b>&lt;img src=x>",
    "": "",
}  # fmt: skip


@pytest.mark.parametrize(("title", "html"), TITLES.items())
def test_a_title_keeps_harmless_markup_alone(title, html):
    assert title_html(title) == html


@given(st.text(alphabet="<>/!?= b1script\ue000\ue001\ue002&;'\"", max_size=30))
def test_no_title_opens_another_element(title):
    tags = re.findall(r"<[a-zA-Z/!?][^>]*>?", title_html(title))

    assert {tag.lower() for tag in tags} <= {"<b>", "</b>", "<i>", "</i>", "<s>", "</s>"}
