"""WXR written for tests, small or large."""

from collections.abc import Iterator
from random import Random
from xml.sax.saxutils import escape

SITE = "https://old.example"
HEAD = """<?xml version="1.0" encoding="UTF-8" ?>
<rss version="2.0" xmlns:excerpt="http://wordpress.org/export/{version}/excerpt/"
 xmlns:content="http://purl.org/rss/1.0/modules/content/"
 xmlns:dc="http://purl.org/dc/elements/1.1/" xmlns:wp="http://wordpress.org/export/{version}/">
<channel><title>Old site</title><link>{site}</link><description>Of old</description>
<language>en-US</language><wp:wxr_version>{version}</wp:wxr_version>
<wp:base_site_url>{site}</wp:base_site_url><wp:base_blog_url>{site}</wp:base_blog_url>
"""
TAIL = "</channel></rss>\n"
WORDS = ["kettle", "leaf", "cup", "steam", "glaze", "clay", "tray", "water", "morning", "slow"]


def cdata(text):
    return "<![CDATA[" + text.replace("]]>", "]]]]><![CDATA[>") + "]]>"


def wxr(*parts, site=SITE, version="1.2"):
    return HEAD.format(site=site, version=version) + "\n".join(parts) + TAIL


def author(login="anna", email="anna@old.example", name="Anna Old", number=7):
    return (
        f"<wp:author><wp:author_id>{number}</wp:author_id><wp:author_login>{login}"
        f"</wp:author_login><wp:author_email>{email}</wp:author_email>"
        f"<wp:author_display_name>{cdata(name)}</wp:author_display_name></wp:author>"
    )


def category(slug, *, name="", parent="", number=0, description=""):
    return (
        f"<wp:category><wp:term_id>{number}</wp:term_id><wp:category_nicename>{slug}"
        f"</wp:category_nicename><wp:category_parent>{parent}</wp:category_parent>"
        f"<wp:cat_name>{cdata(name or slug)}</wp:cat_name>"
        f"<wp:category_description>{cdata(description)}</wp:category_description></wp:category>"
    )


def meta(**values):
    return "".join(
        f"<wp:postmeta><wp:meta_key>{key}</wp:meta_key>"
        f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:postmeta>"
        for key, value in values.items()
    )


def comment(number, *, parent=0, text="Well said.", approved="1", kind="comment", **fields):
    values = {
        "comment_author": "Reader", "comment_author_email": "reader@example.org",
        "comment_author_url": "", "comment_author_IP": "192.0.2.7",
        "comment_date": "2024-05-02 12:00:00", "comment_date_gmt": "2024-05-02 10:00:00",
        "comment_user_id": "0",
    } | {f"comment_{name}": value for name, value in fields.items()}  # fmt: skip
    inner = "".join(f"<wp:{name}>{cdata(value)}</wp:{name}>" for name, value in values.items())
    return (
        f"<wp:comment><wp:comment_id>{number}</wp:comment_id>{inner}<wp:comment_content>"
        f"{cdata(text)}</wp:comment_content><wp:comment_approved>{approved}</wp:comment_approved>"
        f"<wp:comment_type>{kind}</wp:comment_type><wp:comment_parent>{parent}</wp:comment_parent>"
        "</wp:comment>"
    )


def item(number, *, kind="post", title="", text="", slug=None, status="publish", parent=0,
         day="2024-05-01", extra="", comments="", password="", link=None, creator="anna",
         **fields):  # fmt: skip
    slug = f"entry-{number}" if slug is None else slug
    link = link or f"{SITE}/{day.replace('-', '/')}/{slug}/"
    more = "".join(f"<wp:{name}>{value}</wp:{name}>" for name, value in fields.items())
    return (
        f"<item><title>{escape(title or f'Entry {number}')}</title><link>{link}</link>"
        f"<dc:creator>{cdata(creator)}</dc:creator>"
        f'<guid isPermaLink="false">{SITE}/?p={number}</guid><description></description>'
        f"<content:encoded>{cdata(text)}</content:encoded>"
        "<excerpt:encoded><![CDATA[]]></excerpt:encoded>"
        f"<wp:post_id>{number}</wp:post_id><wp:post_date>{day} 12:00:00</wp:post_date>"
        f"<wp:post_date_gmt>{day} 10:00:00</wp:post_date_gmt>"
        "<wp:comment_status>open</wp:comment_status><wp:ping_status>open</wp:ping_status>"
        f"<wp:post_name>{slug}</wp:post_name><wp:status>{status}</wp:status>"
        f"<wp:post_parent>{parent}</wp:post_parent><wp:menu_order>0</wp:menu_order>"
        f"<wp:post_type>{kind}</wp:post_type><wp:post_password>{password}</wp:post_password>"
        f"<wp:is_sticky>0</wp:is_sticky>{more}{extra}{comments}</item>"
    )


def attachment(number, url, *, extra="", **fields):
    return item(
        number, kind="attachment", status="inherit", slug=f"file-{number}",
        attachment_url=url, extra=extra, **fields,
    )  # fmt: skip


def site_of(posts: int, comments: int) -> Iterator[str]:
    """Yield a site's WXR in pieces: posts with threaded comments, terms and a page tree."""
    random = Random(7)
    yield HEAD.format(site=SITE, version="1.2")
    yield author()
    for number in range(1, 41):
        yield category(f"topic-{number}", parent=f"topic-{number - 20}" if number > 20 else "")
    each, last = divmod(comments, posts)
    key = 100_000
    for number in range(1, posts + 1):
        thread = []
        for _ in range(each + (number <= last)):
            key += 1
            parent = random.choice([0, key - 1]) if thread else 0
            words, reader = " ".join(random.choices(WORDS, k=30)), key % 300
            named = {"author": f"Reader {reader}", "author_email": f"r{reader}@example.org"}
            thread.append(comment(key, parent=parent, text=words, **named))
        paragraphs = "\n\n".join(" ".join(random.choices(WORDS, k=60)) for _ in range(6))
        text = f'{paragraphs}\n<a href="{SITE}/?p={max(1, number - 1)}">before</a>'
        filed = f'<category domain="category" nicename="topic-{number % 40 + 1}">x</category>'
        day = f"{2010 + number % 14}-{number % 12 + 1:02}-{number % 28 + 1:02}"
        yield item(number, text=text, day=day, extra=filed + meta(_edit_last="7", colour="red"),
                   comments="".join(thread))  # fmt: skip
    yield TAIL


def write_site(path, posts: int, comments: int):
    with path.open("w", encoding="utf-8") as file:
        for piece in site_of(posts, comments):
            file.write(piece)
    return path
