"""Links: where they lead and what they stand on."""

import re
from collections.abc import Iterator
from urllib.parse import parse_qsl, unquote, urlsplit

from django.utils.translation import gettext_lazy as _

from pages.anchors import folded, squeezed
from pages.linting.checks.placeholders import TEMPLATE_TAG
from pages.linting.findings import (
    ERROR,
    HINT,
    WARNING,
    Check,
    Facts,
    Finding,
    Link,
    Source,
    excerpt_of,
)
from pages.linting.languages import CHINESE, ENGLISH, any_of

TRACKING = re.compile(
    r"utm_\w+|__hs\w+|_hs\w+|gclid|fbclid|msclkid|mc_[ce]id|yclid|igshid|spm", re.I
)
OUTSIDE = re.compile(r"[a-z][a-z0-9+.-]*:", re.IGNORECASE)
LOCAL = re.compile(r"localhost$|127\.|\[?::1|.*\.(?:example|test|invalid|localhost)$|example\.\w+$")
SAYS_NOTHING = {
    ENGLISH: r"(?:click |press )?here|(?:this |the )?(?:link|page|website)|read more|more"
    r"|learn more|this",
    CHINESE: r"(?:点击|请点击|点)?(?:此处|这里|此链接|链接|本链接)|(?:查看|了解)?更多(?:信息)?"
    r"|点击(?:查看|进入)?",
}
SHOWN_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")


def on_link(code: str, severity: str, link: Link, message: object) -> Finding:
    shown = f"{link.text} ({link.href})" if link.text != link.href else link.href
    return Finding(code, severity, link.line, excerpt_of(shown), str(message))


def check_anchors(source: Source, facts: Facts) -> Iterator[Finding]:
    """Links to a place in the text that is not there."""
    for link in source.links:
        if not link.href.startswith("#") or link.href in {"#", "#top"} or not link.text:
            continue
        if source.anchors.isdisjoint({folded(link.href[1:]), squeezed(link.href[1:])}):
            yield on_link(
                "dead-anchor",
                ERROR,
                link,
                _(
                    "The link leads to #%(anchor)s, and no heading or place of this text has that "
                    "name. Link to one that is there."
                )
                % {"anchor": link.href[1:]},
            )


def check_empty(source: Source, facts: Facts) -> Iterator[Finding]:
    """Links that lead nowhere or stand on nothing, and pictures without words."""
    for link in source.links:
        if link.href in {"", "#"} or link.href.lower().startswith("javascript:"):
            yield on_link(
                "empty-link",
                WARNING,
                link,
                _("This link leads nowhere. Give its address, or take it away."),
            )
        # A heading's link to itself stands on nothing that is read.
        elif not link.text and not link.href.startswith("#"):
            yield on_link(
                "link-without-text",
                WARNING,
                link,
                _("This link stands on no words. Say where it leads."),
            )
    for image in source.images:
        if image.alt is None:
            yield Finding(
                "image-without-text",
                WARNING,
                image.line,
                excerpt_of(image.src),
                str(
                    _(
                        "This picture has no text in its place. Say what it shows, or mark it as "
                        "decoration."
                    )
                ),
            )


def check_address(source: Source, facts: Facts) -> Iterator[Finding]:
    """Links that are open to reading, that follow people, or that no template has filled."""
    for link in source.links:
        if TEMPLATE_TAG.search(unquote(link.href)):
            yield on_link(
                "template-tag",
                ERROR,
                link,
                _(
                    "The address of this link is a template tag. Put in the address that "
                    "it stands for."
                ),
            )
            continue
        try:
            parts = urlsplit(link.href)
            host, query = parts.hostname or "", parts.query
        except ValueError:
            yield on_link(
                "empty-link",
                WARNING,
                link,
                _("This is no address that a browser can open. Correct it."),
            )
            continue
        if parts.scheme == "http" and not LOCAL.match(host):
            yield on_link(
                "insecure-link",
                WARNING,
                link,
                _("This link is not encrypted. Write https:// if the site answers there."),
            )
        if any(TRACKING.fullmatch(name) for name, _value in parse_qsl(query, True)):
            yield on_link(
                "tracking-link",
                WARNING,
                link,
                _(
                    "This link tells the other site where its readers came from. Take the "
                    "tracking parameters out."
                ),
            )


def check_relative(source: Source, facts: Facts) -> Iterator[Finding]:
    """Links that were right where a text comes from, and lead nowhere on this site."""
    for link in source.links:
        if not link.href or link.href.startswith(("#", "//")) or OUTSIDE.match(link.href):
            continue
        if TEMPLATE_TAG.search(unquote(link.href)):
            continue
        path = path_of(link.href)
        if path.startswith("/") and (facts.paths is None or path in facts.paths):
            continue
        yield on_link(
            "relative-link",
            WARNING,
            link,
            _("No page of this site has the address %(path)s. Give the whole address.")
            % {"path": path},
        )


def path_of(href: str) -> str:
    """Return the path of a link within a site, without query and place."""
    return re.split(r"[?#]", href)[0]


def check_words(source: Source, facts: Facts) -> Iterator[Finding]:
    """Links whose words do not say where they lead."""
    nothing = any_of(SAYS_NOTHING)
    for link in source.links:
        if nothing.fullmatch(link.text.strip(" .。»›→")):
            yield on_link(
                "vague-link",
                HINT,
                link,
                _("Read aloud alone, “%(words)s” says nothing. Name what the link leads to.")
                % {"words": link.text},
            )


def check_mail(source: Source, facts: Facts) -> Iterator[Finding]:
    """Mail links that write to another address than they show."""
    for link in source.links:
        if not link.href.lower().startswith("mailto:"):
            continue
        target = unquote(link.href[7:].partition("?")[0]).strip().lower()
        shown = {address.lower().rstrip(".") for address in SHOWN_ADDRESS.findall(link.text)}
        if not SHOWN_ADDRESS.fullmatch(target):
            yield on_link(
                "broken-mail-link",
                WARNING,
                link,
                _("This link holds no e-mail address. Write mailto: and the address."),
            )
        elif shown and target not in shown:
            yield on_link(
                "other-mail-address",
                WARNING,
                link,
                _("The link shows %(shown)s and writes to %(target)s. Make them the same.")
                % {"shown": ", ".join(sorted(shown)), "target": target},
            )


CHECKS: tuple[Check, ...] = (
    check_anchors, check_empty, check_address, check_relative, check_words, check_mail,
)  # fmt: skip
