"""Block documents for properties, of well-formed and of careless writers."""

import json

from hypothesis import strategies as st

words = st.text(st.sampled_from("abc äß字 \u00a0&\"'-[]"), min_size=1, max_size=12)
escaped = words.map(
    lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
)


def wrapped(tag: str) -> st.SearchStrategy[str]:
    return escaped.map(lambda text: f"<{tag}>{text}</{tag}>")


inline = st.lists(
    st.one_of(
        escaped,
        *map(wrapped, ("strong", "em", "code", "s", "sub", "sup", "b", "mark")),
        escaped.map(lambda text: f"<strong>{text}<em>x</em></strong>"),
        escaped.map(lambda text: f'<em>a <a href="/here/">{text}</a> b</em>'),
        escaped.map(lambda t: f'<a href="https://e.test/" target="_blank" rel="noopener">{t}</a>'),
        st.just("<br>"),
        st.just('<span class="x">y</span>'),
    ),
    max_size=4,
).map("".join)
attributes = st.dictionaries(
    st.sampled_from(["align", "className", "anchor", "level", "ordered", "x"]),
    st.one_of(st.sampled_from(["center", "wide", "a--b", "<&>"]), st.integers(1, 6), st.booleans()),
    max_size=2,
)
spaces = st.sampled_from(["\n\n", "\n", "", "\n\n\n", " \n"])


def written(name: str, inner: str, given: dict | None = None) -> str:
    encoded = json.dumps(given).replace("--", "\\u002d\\u002d") + " " if given else ""
    return f"<!-- wp:{name} {encoded}-->\n{inner}\n<!-- /wp:{name} -->"


def block(name: str, inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.builds(written, st.just(name), inner, attributes)


def listed(text: str) -> str:
    item = f"<!-- wp:list-item -->\n<li>{text}</li>\n<!-- /wp:list-item -->"
    return f"<ul>{item}\n\n{item}</ul>"


leaves = st.one_of(
    block("paragraph", inline.map(lambda text: f"<p>{text}</p>")),
    block("paragraph", inline.map(lambda text: f'<p class="has-text-align-center">{text}</p>')),
    block("heading", escaped.map(lambda text: f"<h2>{text}</h2>")),
    block("heading", escaped.map(lambda text: f'<h3 class="wp-block-heading">{text}</h3>')),
    block("list", inline.map(listed)),
    block("list", inline.map(lambda text: f"<ol><li>{text}<ul><li>x</li></ul></li></ol>")),
    block("quote", escaped.map(
        lambda text: f'<blockquote class="wp-block-quote">{written("paragraph", f"<p>{text}</p>")}'
                     "<cite>c</cite></blockquote>")),
    block("quote", inline.map(lambda t: f'<blockquote class="q"><p>{t}</p></blockquote>')),
    block("code", escaped.map(lambda t: f'<pre class="wp-block-code"><code>{t}</code></pre>')),
    block("table", inline.map(
        lambda text: '<figure class="wp-block-table"><table><thead><tr><th>h</th></tr></thead>'
                     f"<tbody><tr><td>{text}</td></tr></tbody></table></figure>")),
    block("separator", st.just('<hr class="wp-block-separator"/>')),
    st.builds(
        lambda caption: written(
            "embed",
            '<figure class="wp-block-embed"><div class="wp-block-embed__wrapper">\n'
            f"https://v.test/1\n</div><figcaption>{caption}</figcaption></figure>",
            {"url": "https://v.test/1", "type": "video"},
        ), escaped),
    block("html", st.sampled_from(["<b>x</b>", "<script>x</script>", "", "<!-- c -->"])),
    st.sampled_from(["<!-- wp:latest-posts /-->", '<!-- wp:plug/in {"a":{"b":1}} /-->',
                     "<!-- wp:more -->\n<!--more-->\n<!-- /wp:more -->"]),
    block("plug/thing", inline),
)  # fmt: skip
buttons = st.lists(escaped, min_size=1, max_size=3).map(lambda texts: written(
    "buttons",
    '<div class="wp-block-buttons">' + "\n\n".join(
        written("button", '<div class="wp-block-button"><a class="wp-block-button__link" '
                          f'href="/x/">{text}</a></div>') for text in texts) + "</div>",
))  # fmt: skip


def column(texts: list[str]) -> str:
    return written("column", f'<div class="wp-block-column">{chr(10).join(texts)}</div>')


columns = st.lists(
    st.lists(st.one_of(leaves, buttons), max_size=2).map(column), min_size=1, max_size=3
).map(lambda each: written("columns", f'<div class="wp-block-columns">{"".join(each)}</div>'))
blocks = st.one_of(leaves, buttons, columns, block("group", leaves))
careless = st.sampled_from([
    "<!-- wp:paragraph -->", "<!-- /wp:paragraph -->", "<!-- wp:x {", "<!-- wp: -->", "<!--", "-->",
    "freeform", "<p>classic</p>", '<!-- wp:image {"id":3} -->', "<!-- /wp:x /-->", "\x00", "}\n-->",
])  # fmt: skip


@st.composite
def documents(draw: st.DrawFn, *, whole: bool = False) -> str:
    """Draw a document; a whole one has no careless writing in it."""
    parts = draw(st.lists(blocks if whole else st.one_of(blocks, careless), max_size=6))
    return "".join(part + draw(spaces) for part in parts)
