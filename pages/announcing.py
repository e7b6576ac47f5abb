"""Telling everybody of a material change: a post in the journal of each of its languages."""

from html import escape

from django.db import transaction
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from pages.models import NoticeCampaign, PolicyText, PolicyVersion, PostIndexPage, PostPage
from pages.notifications import changes_of, comparison_path, moment_of, text_path
from pages.services.content import make_page
from pages.services.terms import default_category


def announce_version(version_id: int) -> list[PostPage]:
    """Publish the posts that tell of a version, and return those that are new.

    Each is known by its slug, so that a post stays one, also after an editor has changed it; what
    an editor has deleted comes back only if this is called again. Safe to call twice.
    """
    versions = PolicyVersion.objects.select_related("document").prefetch_related("texts")
    version = versions.filter(pk=version_id).first()
    if version is None or not NoticeCampaign.objects.filter(version=version).exists():
        return []
    posts = []
    for text in version.texts.all():
        journal = (
            PostIndexPage.objects.live()
            .filter(locale__language_code=text.locale)
            .order_by("path")
            .first()
        )
        if journal is not None and (post := announce_in(journal, version, text)):
            posts.append(post)
    return posts


def announce_in(
    journal: PostIndexPage, version: PolicyVersion, text: PolicyText
) -> PostPage | None:
    slug = f"{version.document.slug}-version-{version.number}"
    with transaction.atomic(), translation.override(text.locale):
        # Locked, so that of two workers one finds the other's post.
        PostIndexPage.objects.select_for_update().get(pk=journal.pk)
        if journal.get_children().filter(slug=slug).exists():
            return None
        journal.refresh_from_db()
        post = PostPage(
            title=_("“%(title)s” changes") % {"title": text.title},
            slug=slug,
            excerpt=text.summary,
            body=[("paragraph", words_of(version, text))],
            comments_open=False,
        )
        default = default_category()
        return make_page(journal, post, terms={"categories": [default] if default else []})


def words_of(version: PolicyVersion, text: PolicyText) -> str:
    """Return the post's words as HTML, in the current language."""
    paragraphs = [f"<p>{escape(line)}</p>" for line in text.summary.splitlines() if line.strip()]
    if changes := changes_of(version):
        listed = "".join(f"<li>{escape(change)}</li>" for change in changes)
        paragraphs.append(f"<p>{_('It concerns:')}</p><ul>{listed}</ul>")
    moment = {"moment": moment_of(version)}
    paragraphs.append(
        "<p>{}</p>".format(
            _("It takes effect on %(moment)s. Until then the version before it holds.") % moment
            if version.holds_from > timezone.now()
            else _("It has been in effect since %(moment)s.") % moment
        )
    )
    links = [(text_path(version, text.locale), _("Read the text"))]
    if comparison := comparison_path(version, text.locale):
        links.append((comparison, _("What changed")))
    shown = " · ".join(f'<a href="{url}">{escape(label)}</a>' for url, label in links)
    return "\n".join([*paragraphs, f"<p>{shown}</p>"])
