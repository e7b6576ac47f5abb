"""What lists and pages show of posts: cards, archives and the words around a post."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.functional import Promise

from core.extensions.people import public_authors
from core.extensions.pictures import Picture, pictures
from core.generations import PAGES, Kept
from pages.links import dated_path
from pages.models import Category, HomePage, PostPage, StandardPage, Tag
from pages.visible import readable

PER_PAGE = 10


@dataclass(frozen=True)
class Listing:
    """One page of an archive."""

    posts: list[dict[str, Any]]
    page: int
    pages: int
    heading: str | Promise = ""
    description: str = ""


def posts_in(locale_id: int) -> QuerySet[PostPage]:
    """Return the public posts of a language, newest first."""
    return readable(PostPage.objects.filter(locale_id=locale_id)).order_by(
        "-is_sticky", "-published_at", "-pk"
    )


def latest_posts(locale_id: int, count: int) -> list[dict[str, Any]]:
    """Return the newest posts as cards."""
    return cards(posts_in(locale_id)[:count])


def listing(
    posts: QuerySet[PostPage],
    request: HttpRequest,
    *,
    heading: str | Promise = "",
    description: str = "",
) -> Listing:
    """Return the page of an archive that `?page=` names; a number past the end is the last one."""
    shown = Paginator(posts, PER_PAGE).get_page(request.GET.get("page"))
    return Listing(
        cards(shown.object_list), shown.number, shown.paginator.num_pages, heading, description
    )


def cards(posts: Iterable[PostPage]) -> list[dict[str, Any]]:
    """Return posts as cards, with pictures, authors and categories in one query each."""
    posts = list(posts)
    found = pictures.get().get_many(
        post.featured_image_id for post in posts if post.featured_image_id
    )
    authors = public_authors.get().get_many(post.author_id for post in posts if post.author_id)
    categories = first_categories([post.pk for post in posts])
    return [
        {
            "title": post.title,
            "url": dated_path(post.published_at, post.slug, post.locale_id),
            "excerpt": post.excerpt,
            "published_at": post.published_at,
            "picture": found.get(post.featured_image_id or 0),
            "alt": post.featured_alt,
            "author": authors.get(post.author_id or 0),
            "category": categories.get(post.pk),
            "is_sticky": post.is_sticky,
        }
        for post in posts
    ]


def first_categories(post_ids: list[int]) -> dict[int, Category]:
    through = PostPage.categories.through
    rows = through.objects.filter(postpage_id__in=post_ids).order_by("-pk")
    pairs = list(rows.values_list("postpage_id", "category_id"))
    by_id = Category.objects.in_bulk({category_id for _, category_id in pairs})
    return {post_id: by_id[category_id] for post_id, category_id in pairs if category_id in by_id}


kept_contexts: Kept[dict[str, Any]] = Kept(PAGES)


def kept_post_context(post: PostPage) -> dict[str, Any]:
    """Return what a published post's page shows beside its text, from memory where it is there."""
    return kept_contexts.get(post.pk, lambda: post_context(post))


def post_context(post: PostPage) -> dict[str, Any]:
    """Return what a post's page shows beside its text."""
    found = pictures.get().get_many([post.featured_image_id] if post.featured_image_id else [])
    authors = public_authors.get().get_many([post.author_id] if post.author_id else [])
    return {
        "picture": found.get(post.featured_image_id or 0),
        "author": authors.get(post.author_id or 0),
        "categories": list(Category.objects.filter(pk__in=[t.pk for t in post.categories.all()])),
        "tags": list(Tag.objects.filter(pk__in=[t.pk for t in post.tags.all()])),
    }


def page_context(page: StandardPage) -> dict[str, Any]:
    """Return what a page shows beside its text: its picture and its sub-pages."""
    found = pictures.get().get_many([page.featured_image_id] if page.featured_image_id else [])
    children = readable(page.get_children(), "standardpage").specific()
    parent = page.get_parent()
    return {
        "picture": found.get(page.featured_image_id or 0),
        "children": children,
        "parent": parent.specific if isinstance(parent.specific, StandardPage) else None,
    }


def hero_picture(home: HomePage) -> Picture | None:
    """Return the large picture of a home page."""
    if not home.hero_image_id:
        return None
    return pictures.get().get_many([home.hero_image_id]).get(home.hero_image_id)


def feature_cards(home: HomePage) -> list[dict[str, Any]]:
    """Return the features of a home page with their pictures, looked up in one query."""
    values = [block.value for block in home.features]
    found = pictures.get().get_many(value["image"].pk for value in values if value["image"])
    return [
        {
            "heading": value["heading"],
            "text": value["text"],
            "url": value["url"],
            "alt": value["alt"],
            "picture": found.get(value["image"].pk) if value["image"] else None,
        }
        for value in values
    ]
