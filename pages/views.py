"""Archives, feeds and the dated addresses of posts."""

from datetime import date
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from wagtail.hooks import get_hooks
from wagtail.models import Locale

from core.extensions.commentables import commenting
from core.extensions.people import public_authors
from core.generations import PAGES, Kept
from pages.links import site_zone
from pages.listings import listing, posts_in
from pages.models import Category, PostPage, Tag
from pages.visible import end_at_the_next_date

locale_ids: Kept[int] = Kept(PAGES)


def current_locale_id() -> int:
    """Return the Wagtail locale of the path's language; 404 where the site has none."""
    language = get_language()
    found = locale_ids.get(language, lambda: find_locale_id(language))
    if not found:
        raise Http404
    return found


def find_locale_id(language: str | None) -> int:
    locale = Locale.objects.filter(language_code=language).first()
    return int(locale.pk) if locale is not None else 0


# The columns that a post's page shows; its blocks are rendered already.
SHOWN = ("title", "slug", "seo_title", "path", "depth", "url_path", "live", "content_type_id",
         "locale_id", "published_at", "author_id", "excerpt", "featured_image_id", "featured_alt",
         "rendered_body")  # fmt: skip


def dated_post(
    request: HttpRequest, year: int, month: int, day: int, slug: str, comment_page: int = 0
) -> HttpResponse:
    """Show a post at its own address, with Wagtail's restrictions and hooks.

    `comment_page` is a page of its comments; one that is not there leads to the post.
    """
    end_at_the_next_date()
    posts = PostPage.objects.live().filter(
        locale_id=current_locale_id(), slug=slug, published_at__lte=timezone.now()
    )
    for post in posts.only(*SHOWN):
        if post.published_at.astimezone(site_zone()).date() == safe_date(year, month, day):
            return serve_with_hooks(post, request, {"comment_page": comment_page})
    raise Http404


def serve_with_hooks(post: PostPage, request: HttpRequest, asked: dict[str, int]) -> HttpResponse:
    """Serve a post as wagtail.views.serve does: a hook may answer first, or stand around it.

    The restrictions of who may read a page are such a hook.
    """
    for hook in get_hooks("before_serve_page"):
        answer = hook(post, request, (), asked)
        if isinstance(answer, HttpResponse):
            return answer
    serve = serve_comment_page
    for hook in reversed(get_hooks("on_serve_page")):
        serve = hook(serve)
    return serve(post, request, (), asked)


def serve_comment_page(
    post: PostPage, request: HttpRequest, args: tuple[()], asked: dict[str, int]
) -> HttpResponse:
    """Serve a post with the page of its comments that the address or `?cpage=` names."""
    comment_page, named = asked["comment_page"], request.GET.get("cpage", "")
    if comment_page or named:
        here = post.path_of_its_own
        is_number = named.isdecimal() and len(named) < 10
        number = comment_page or (int(named) if is_number else 0)
        if not commenting.get().has_page(post.pk, number):
            return redirect(here)
        if not comment_page:
            return redirect(f"{here}comment-page-{number}/")
    return post.serve(request, comment_page=comment_page)


def safe_date(year: int, month: int, day: int) -> date:
    try:
        return date(year, month, day)
    except ValueError:
        raise Http404 from None


def category(request: HttpRequest, slug: str) -> HttpResponse:
    """List the posts of a category and of those below it."""
    term = get_object_or_404(Category, slug=slug)
    below = [term.pk, *Category.objects.filter(parent=term).values_list("pk", flat=True)]
    posts = posts_in(current_locale_id()).filter(categories__in=below).distinct()
    return archive(request, posts, heading=term.name, description=term.description)


def nested_category(request: HttpRequest, above: str, slug: str) -> HttpResponse:
    """Lead WordPress's address of a category, with those above it, to the one that it has here."""
    parent = above.rpartition("/")[2]
    term = get_object_or_404(Category, slug=slug, parent__slug=parent)
    return redirect("pages:category", slug=term.slug, permanent=True)


def tag(request: HttpRequest, slug: str) -> HttpResponse:
    """List the posts that have a tag."""
    term = get_object_or_404(Tag, slug=slug)
    posts = posts_in(current_locale_id()).filter(tags=term)
    return archive(request, posts, heading=term.name, description=term.description)


def author(request: HttpRequest, slug: str) -> HttpResponse:
    """List the posts of an author."""
    person = public_authors.get().by_slug(slug)
    if person is None:
        raise Http404
    posts = posts_in(current_locale_id()).filter(author_id=person.id)
    heading = _("Posts by %(name)s") % {"name": person.name}
    return archive(request, posts, heading=heading, description=person.description)


def archive(request: HttpRequest, posts: Any, **words: Any) -> HttpResponse:
    context = {"listing": listing(posts, request, **words)}
    return render(request, "pages/archive.html", context)
