"""What visitors type never becomes more than the allowed tags, whatever it is."""

from html.parser import HTMLParser
from urllib.parse import urlsplit

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from comments.sanitising import (
    HTML,
    LONGEST_MARKDOWN,
    MARKDOWN,
    RENDERED,
    clean_address,
    clean_name,
    render,
    sanitise,
)

# After the cheat sheets of OWASP and PortSwigger: one of each trick.
CORPUS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=https://evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<img src=x onerror=alert(1)>",
    '<img src="javascript:alert(1)">',
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    '<svg><a xlink:href="javascript:alert(1)"><text x=20 y=20>XSS</text></a>',
    "<math><mtext><table><mglyph><style><!--</style>"
    '<img title="--&gt;&lt;img src=1 onerror=alert(1)&gt;">',
    "<body onload=alert(1)>",
    '<iframe src="javascript:alert(1)"></iframe>',
    '<iframe srcdoc="<script>alert(1)</script>"></iframe>',
    '<object data="javascript:alert(1)">',
    '<embed src="data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==">',
    '<a href="javascript:alert(1)">x</a>',
    '<a href="JaVaScRiPt:alert(1)">x</a>',
    '<a href="java&#10;script:alert(1)">x</a>',
    '<a href="&#x6A;avascript:alert(1)">x</a>',
    '<a href=" &#14;  javascript:alert(1)">x</a>',
    '<a href="data:text/html,<script>alert(1)</script>">x</a>',
    '<a href="vbscript:msgbox(1)">x</a>',
    '<a href="//evil.example" onclick="alert(1)" style="position:fixed">x</a>',
    "<a href='https://e.example' onmouseover='alert(1)'>x</a>",
    '<b style="background:url(javascript:alert(1))">x</b>',
    "<b onfocus=alert(1) autofocus tabindex=1>x</b>",
    '<blockquote cite="javascript:alert(1)">x</blockquote>',
    '<q cite="data:text/html,x">x</q>',
    '<form action="javascript:alert(1)"><input type=submit></form>',
    "<input onfocus=alert(1) autofocus>",
    "<details open ontoggle=alert(1)>",
    "<video><source onerror=alert(1)></video>",
    '<base href="https://evil.example/">',
    '<meta http-equiv="refresh" content="0;url=javascript:alert(1)">',
    '<link rel=stylesheet href="https://evil.example/x.css">',
    "<style>@import 'https://evil.example/x.css';</style>",
    '<noscript><p title="</noscript><img src=x onerror=alert(1)>">',
    "<template><script>alert(1)</script></template>",
    '<!--<img src="--><img src=x onerror=alert(1)//">',
    "<![CDATA[<script>alert(1)</script>]]>",
    '<?xml version="1.0"?><script>alert(1)</script>',
    "</p></div></article><script>alert(1)</script>",
    '<a href="https://e.example/"><script>x</script></a>',
    'https://e.example/"onmouseover="alert(1)',
    "https://e.example/<script>alert(1)</script>",
    "[x](javascript:alert(1))",
    "[x](data:text/html;base64,PHNjcmlwdD4=)",
    "![x](https://evil.example/track.gif)",
    "<javascript:alert(1)>",
    '[x](https://e.example "onmouseover=alert(1)")',
    "`<script>alert(1)</script>`",
    "```html",
    "<script>alert(1)</script>",
    "```",
    "&lt;script&gt;alert(1)&lt;/script&gt;",
    "<x onclick=alert(1)>x</x>",
    "<plaintext>",
    "<textarea><img src=x onerror=alert(1)></textarea>",
    "<a id=x name=y class=z data-x=1 href=https://e.example>x</a>",
]
VOID = {"br"}


class Reader(HTMLParser):
    """Reads HTML as a browser's tokeniser would and notes what is not allowed in it."""

    def __init__(self):
        super().__init__()
        self.faults, self.open = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in RENDERED:
            self.faults.append(f"tag {tag}")
        for name, value in attrs:
            if name not in RENDERED.get(tag, set()) | ({"rel"} if tag == "a" else set()):
                self.faults.append(f"{tag}.{name}")
            if name == "href" and urlsplit(value).scheme not in {"", "http", "https", "mailto"}:
                self.faults.append(f"{tag}.{name}={value}")
        if tag == "a" and dict(attrs).get("rel") != "nofollow ugc":
            self.faults.append("a without rel")
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag):
        if not self.open or self.open.pop() != tag:
            self.faults.append(f"stray end of {tag}")

    def handle_comment(self, data):
        self.faults.append("comment")

    def handle_decl(self, decl):
        self.faults.append("declaration")

    handle_pi = unknown_decl = handle_decl


def faults_of(html):
    reader = Reader()
    reader.feed(html)
    reader.close()
    return reader.faults + [f"{tag} is left open" for tag in reader.open]


@pytest.mark.parametrize("markup", [HTML, MARKDOWN])
@pytest.mark.parametrize("evil", [*CORPUS, "\n\n".join(CORPUS)])
def test_corpus_leaves_nothing_but_the_allowed_tags(evil, markup):
    assert faults_of(render(sanitise(evil, markup), markup)) == []


@pytest.mark.parametrize("markup", [HTML, MARKDOWN])
@given(text=st.text(alphabet="<>/abq\"'= \n`*_[]()!&;:#x-.\0é漢https", max_size=80))
def test_whatever_is_typed_is_balanced_and_allowed(markup, text):
    assert faults_of(render(sanitise(text, markup), markup)) == []


@example(text="&#1")
@example(text="&#13;<p> a")
@example(text='<a href="java&#1;script:alert(1)">x</a>')
@given(text=st.text(max_size=200))
def test_stored_html_is_stored_the_same_again(text):
    once = sanitise(text)

    assert sanitise(once) == once


def test_faults_are_seen():
    for bad in (
        "<img src=x>", "<a href='javascript:x' rel='nofollow ugc'>x</a>", "<p>", "</p>",
        "<b onclick=x>x</b>", "<a href='https://e.example'>x</a>", "<!-- x -->",
    ):  # fmt: skip
        assert faults_of(bad), bad


def test_html_has_paragraphs_breaks_quotes_and_links():
    html = render(
        sanitise("One\nline.\n\n<blockquote>Two</blockquote>\n\nhttps://e.example/a?b&c.")
    )

    assert html == (
        "<p>One<br>\nline.</p>\n<blockquote><p>Two</p>\n</blockquote>"
        '<p><a href="https://e.example/a?b&amp;c" rel="nofollow ugc">https://e.example/a?b&amp;c</a>'
        ".</p>\n"
    )


def test_markdown_has_its_part():
    html = render(
        "**b** _i_ ~~s~~ `c` <https://e.example>\n\n> quoted\n\n- one\n- two\n\n# no", MARKDOWN
    )

    for part in ("<strong>b</strong>", "<em>i</em>", "<s>s</s>", "<code>c</code>", "<blockquote>",
                 "<li>one</li>", 'href="https://e.example"', "<p># no</p>"):  # fmt: skip
        assert part in html


def test_long_markdown_is_shown_plainly():
    html = render("[" * LONGEST_MARKDOWN + "**x**", MARKDOWN)

    assert "<strong>" not in html
    assert "**x**" in html


def test_addresses_in_code_are_no_links():
    assert "<a " not in render(sanitise("<code>https://e.example</code>"))
    assert "<a " not in render("`https://e.example`", MARKDOWN)


@pytest.mark.parametrize(
    ("name", "wanted"),
    [
        ("Nora <b>N</b>", "Nora N"),
        ("  a\n b\x00 ", "a b"),
        ("<<x>>", ""),
        ("O'Neil & 漢", "O'Neil & 漢"),
    ],
)
def test_names_have_no_tags(name, wanted):
    assert clean_name(name) == wanted


@pytest.mark.parametrize(
    ("url", "wanted"),
    [
        ("example.org", "https://example.org"), ("HTTP://e.example", "HTTP://e.example"),
        ("javascript:alert(1)", ""), ("data:text/html,x", ""), ("localhost:8000/x",
        "https://localhost:8000/x"), ('https://e.example/"><script>', "https://e.example/script"),
        ("", ""), ("https://münchen.example/ä", "https://münchen.example/ä"),
    ],
)  # fmt: skip
def test_websites_are_web_addresses(url, wanted):
    assert clean_address(url) == wanted
