"""Writing WXR 1.2: each record as text, in the layout that WordPress's own export has. Pure.

What is written here is read by wordpress.wxr.reading as the same records. Texts stand in CDATA
sections; signs that XML forbids are left out, and a carriage return is written as a reference, as
readers of XML would make a line end of it.
"""

import re
from collections.abc import Iterator

from wordpress.wxr.records import Author, Comment, Filing, Item, Meta, Site, Term

VERSION = "1.2"
FORBIDDEN = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
NAMESPACES = {
    "excerpt": "http://wordpress.org/export/1.2/excerpt/",
    "content": "http://purl.org/rss/1.0/modules/content/",
    "wfw": "http://wellformedweb.org/CommentAPI/",
    "dc": "http://purl.org/dc/elements/1.1/",
    "wp": "http://wordpress.org/export/1.2/",
    "candour": "urn:candour:wxr",
}
NOTE = """<!-- Posts, pages, comments, terms and menus of a site, in the format of WordPress's
     export. WordPress reads it at Tools, Import, WordPress. It holds names, mail addresses and
     network addresses of people: keep it as safe as the site's database. -->
"""
ITEM_END = "\t</item>\n"
TAIL = "</channel>\n</rss>\n"


def allowed(text: str) -> str:
    """Return a text without the signs that no XML may hold."""
    return FORBIDDEN.sub("", text)


def cdata(text: str) -> str:
    """Return a text as CDATA, of which every reader of XML gets back the same signs."""
    safe = allowed(text).replace("]]>", "]]]]><![CDATA[>").replace("\r", "]]>&#13;<![CDATA[")
    return f"<![CDATA[{safe}]]>"


def escaped(text: str) -> str:
    """Return a text as it stands between tags or in an attribute's quotation marks."""
    text = allowed(text).replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    text = text.replace('"', "&quot;").replace("\r", "&#13;")
    return text.replace("\n", "&#10;").replace("\t", "&#9;")


def head(site: Site) -> str:
    """Return the beginning of a file up to its authors; `site.published` is when it was made."""
    spaces = "\n".join(f'\txmlns:{name}="{uri}"' for name, uri in NAMESPACES.items())
    return (
        f'<?xml version="1.0" encoding="UTF-8" ?>\n{NOTE}<rss version="2.0"\n{spaces}\n>\n'
        f"<channel>\n\t<title>{escaped(site.title)}</title>\n\t<link>{escaped(site.link)}</link>\n"
        f"\t<description>{escaped(site.description)}</description>\n"
        f"\t<pubDate>{escaped(site.published)}</pubDate>\n"
        f"\t<language>{escaped(site.language)}</language>\n"
        f"\t<wp:wxr_version>{VERSION}</wp:wxr_version>\n"
        f"\t<wp:base_site_url>{escaped(site.base_site_url)}</wp:base_site_url>\n"
        f"\t<wp:base_blog_url>{escaped(site.base_blog_url)}</wp:base_blog_url>\n"
        f"\t<candour:timezone>{escaped(site.timezone)}</candour:timezone>\n"
    )


def author(one: Author) -> str:
    """Return an author's element."""
    return (
        f"\t<wp:author><wp:author_id>{one.id}</wp:author_id>"
        f"<wp:author_login>{cdata(one.login)}</wp:author_login>"
        f"<wp:author_email>{cdata(one.email)}</wp:author_email>"
        f"<wp:author_display_name>{cdata(one.display_name)}</wp:author_display_name>"
        f"<wp:author_first_name>{cdata(one.first_name)}</wp:author_first_name>"
        f"<wp:author_last_name>{cdata(one.last_name)}</wp:author_last_name></wp:author>\n"
    )


def term(one: Term) -> str:
    """Return a term's element, whose name differs for categories, tags and all others."""
    more = "".join(pairs("termmeta", one.meta, "\n\t\t"))
    if one.taxonomy == "category":
        return (
            f"\t<wp:category><wp:term_id>{one.id}</wp:term_id>"
            f"<wp:category_nicename>{cdata(one.slug)}</wp:category_nicename>"
            f"<wp:category_parent>{cdata(one.parent)}</wp:category_parent>"
            f"<wp:cat_name>{cdata(one.name)}</wp:cat_name>"
            f"<wp:category_description>{cdata(one.description)}</wp:category_description>"
            f"{more}</wp:category>\n"
        )
    if one.taxonomy == "post_tag":
        return (
            f"\t<wp:tag><wp:term_id>{one.id}</wp:term_id><wp:tag_slug>{cdata(one.slug)}"
            f"</wp:tag_slug><wp:tag_name>{cdata(one.name)}</wp:tag_name>"
            f"<wp:tag_description>{cdata(one.description)}</wp:tag_description>{more}</wp:tag>\n"
        )
    return (
        f"\t<wp:term><wp:term_id>{one.id}</wp:term_id>"
        f"<wp:term_taxonomy>{cdata(one.taxonomy)}</wp:term_taxonomy>"
        f"<wp:term_slug>{cdata(one.slug)}</wp:term_slug>"
        f"<wp:term_parent>{cdata(one.parent)}</wp:term_parent>"
        f"<wp:term_name>{cdata(one.name)}</wp:term_name>"
        f"<wp:term_description>{cdata(one.description)}</wp:term_description>{more}</wp:term>\n"
    )


def item_start(item: Item) -> str:
    """Return an item up to its comments, which follow one by one; ITEM_END closes it."""
    url = (
        f"\t\t<wp:attachment_url>{cdata(item.attachment_url)}</wp:attachment_url>\n"
        if item.attachment_url else ""
    )  # fmt: skip
    return (
        f"\t<item>\n\t\t<title>{cdata(item.title)}</title>\n\t\t<link>{escaped(item.link)}</link>\n"
        f"\t\t<pubDate>{escaped(item.published)}</pubDate>\n"
        f"\t\t<dc:creator>{cdata(item.creator)}</dc:creator>\n"
        f'\t\t<guid isPermaLink="{escaped(item.guid_is_link or "false")}">{escaped(item.guid)}'
        f"</guid>\n\t\t<description>{cdata(item.description)}</description>\n"
        f"\t\t<content:encoded>{cdata(item.content)}</content:encoded>\n"
        f"\t\t<excerpt:encoded>{cdata(item.excerpt)}</excerpt:encoded>\n"
        f"\t\t<wp:post_id>{item.id}</wp:post_id>\n"
        f"\t\t<wp:post_date>{cdata(item.date)}</wp:post_date>\n"
        f"\t\t<wp:post_date_gmt>{cdata(item.date_gmt)}</wp:post_date_gmt>\n"
        f"\t\t<wp:post_modified>{cdata(item.modified)}</wp:post_modified>\n"
        f"\t\t<wp:post_modified_gmt>{cdata(item.modified_gmt)}</wp:post_modified_gmt>\n"
        f"\t\t<wp:comment_status>{cdata(item.comment_status)}</wp:comment_status>\n"
        f"\t\t<wp:ping_status>{cdata(item.ping_status)}</wp:ping_status>\n"
        f"\t\t<wp:post_name>{cdata(item.slug)}</wp:post_name>\n"
        f"\t\t<wp:status>{cdata(item.status)}</wp:status>\n"
        f"\t\t<wp:post_parent>{item.parent}</wp:post_parent>\n"
        f"\t\t<wp:menu_order>{item.menu_order}</wp:menu_order>\n"
        f"\t\t<wp:post_type>{cdata(item.type)}</wp:post_type>\n"
        f"\t\t<wp:post_password>{cdata(item.password)}</wp:post_password>\n"
        f"\t\t<wp:is_sticky>{item.is_sticky}</wp:is_sticky>\n{url}"
        + "".join(map(filing, item.filings))
        + "".join(pairs("postmeta", item.meta, "\t\t", "\n"))
    )


def filing(one: Filing) -> str:
    return (
        f'\t\t<category domain="{escaped(one.taxonomy)}" nicename="{escaped(one.slug)}">'
        f"{cdata(one.name)}</category>\n"
    )


def comment(one: Comment) -> str:
    """Return a comment's element. The agent is no part of WordPress's own files."""
    agent = f"<wp:comment_agent>{cdata(one.agent)}</wp:comment_agent>\n\t\t\t" if one.agent else ""
    return (
        f"\t\t<wp:comment>\n\t\t\t<wp:comment_id>{one.id}</wp:comment_id>\n"
        f"\t\t\t<wp:comment_author>{cdata(one.author)}</wp:comment_author>\n"
        f"\t\t\t<wp:comment_author_email>{cdata(one.email)}</wp:comment_author_email>\n"
        f"\t\t\t<wp:comment_author_url>{cdata(one.url)}</wp:comment_author_url>\n"
        f"\t\t\t<wp:comment_author_IP>{cdata(one.ip)}</wp:comment_author_IP>\n"
        f"\t\t\t<wp:comment_date>{cdata(one.date)}</wp:comment_date>\n"
        f"\t\t\t<wp:comment_date_gmt>{cdata(one.date_gmt)}</wp:comment_date_gmt>\n"
        f"\t\t\t<wp:comment_content>{cdata(one.content)}</wp:comment_content>\n"
        f"\t\t\t<wp:comment_approved>{cdata(one.approved)}</wp:comment_approved>\n"
        f"\t\t\t<wp:comment_type>{cdata(one.type)}</wp:comment_type>\n"
        f"\t\t\t<wp:comment_parent>{one.parent}</wp:comment_parent>\n"
        f"\t\t\t{agent}<wp:comment_user_id>{one.user_id}</wp:comment_user_id>\n"
        + "".join(pairs("commentmeta", one.meta, "\t\t\t", "\n"))
        + "\t\t</wp:comment>\n"
    )


def pairs(name: str, meta: Meta, before: str, after: str = "") -> Iterator[str]:
    for key, value in meta:
        yield (
            f"{before}<wp:{name}><wp:meta_key>{cdata(key)}</wp:meta_key>"
            f"<wp:meta_value>{cdata(value)}</wp:meta_value></wp:{name}>{after}"
        )
