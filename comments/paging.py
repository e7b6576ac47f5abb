"""Pages of comments, numbered as WordPress does: page 1 has the oldest top comments.

A page counts top comments, with all that was replied to them, or all comments where threads are
not shown. The address of a post without a number shows the page that the settings name.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from comments.models import DiscussionSettings, VisitorComment
from core.extensions.commentables import CommentTarget
from core.generations import COMMENTS, Kept, comments_of, depend_on


@dataclass(frozen=True)
class Pages:
    """How many pages of comments a target has, how long they are, and which is shown first."""

    count: int
    per_page: int
    first_shown: int

    def path(self, number: int) -> str:
        """Return what stands behind the target's own address for a page, "" for the first shown."""
        return "" if number == self.first_shown else f"comment-page-{number}/"


def pages_of(target_id: int, own: DiscussionSettings) -> Pages | None:
    """Return a target's pages of comments, or None where all are shown on one."""
    if not own.page_comments:
        return None
    return pages_for(count_shown(target_id, tops_only=own.thread_comments), own)


# Numbers of approved comments, each counted once a change, however many there are.
kept_counts: Kept[int] = Kept(COMMENTS)


def count_shown(target_id: int, *, tops_only: bool = False) -> int:
    """Return how many comments of a target are shown, or how many at the top."""
    shown = VisitorComment.objects.on(target_id).approved().order_by()
    if tops_only:
        shown = shown.filter(depth=0)
    return kept_counts.get_of(comments_of(target_id), tops_only, shown.count)


def pages_for(tops: int, own: DiscussionSettings) -> Pages:
    """Return the pages for a number of top comments; there is always one, empty or not."""
    per_page = max(own.comments_per_page, 1)
    count = max(-(-tops // per_page), 1)
    return Pages(count, per_page, count if own.default_comments_page == "newest" else 1)


class SiteCommenting:
    """Answers core.extensions.commentables.Commenting."""

    def are_new_targets_open(self) -> bool:
        return DiscussionSettings.current().default_comment_status

    def has_page(self, target_id: int, number: int) -> bool:
        depend_on(comments_of(target_id))
        pages = pages_of(target_id, DiscussionSettings.current())
        return pages is not None and 1 <= number <= pages.count


def comment_links(
    rows: Iterable[tuple[int, str, int]], targets: Mapping[int, CommentTarget]
) -> dict[int, str]:
    """Return whole addresses by comment for rows of (number, path, target).

    A comment below no target has none. Where comments are parted into pages, one query at most
    tells on which each stands.
    """
    rows = [row for row in rows if row[2] in targets]
    own = DiscussionSettings.current()
    if not own.page_comments:
        return {key: f"{targets[target].link}#comment-{key}" for key, _, target in rows}
    standing = standing_of({row[2] for row in rows}, own)
    links = {}
    for key, path, target_id in rows:
        stands = standing[target_id]
        # The page is that of the last of the pages' first comments that is not behind it.
        number = max(bisect_right(stands.edges, path[:10] if own.thread_comments else path), 1)
        links[key] = f"{targets[target_id].link}{stands.pages.path(number)}#comment-{key}"
    return links


@dataclass(frozen=True)
class Standing:
    """The pages of a target with the path of the comment that each begins with."""

    pages: Pages
    edges: Sequence[str]


kept_standing: Kept[Standing] = Kept(COMMENTS)


def standing_of(target_ids: set[int], own: DiscussionSettings) -> Mapping[int, Standing]:
    """Return how the comments of targets are parted into pages: one query, once a change."""
    kept = kept_standing.current()
    how = (own.thread_comments, own.comments_per_page, own.default_comments_page)
    found = {key: kept[key, how] for key in target_ids if (key, how) in kept}
    if missing := target_ids - found.keys():
        tops = VisitorComment.objects.approved().filter(target_id__in=missing)
        if own.thread_comments:
            tops = tops.filter(depth=0)
        paths: dict[int, list[str]] = {key: [] for key in missing}
        for key, path in tops.order_by("target_id", "path").values_list("target_id", "path"):
            paths[key].append(path)
        read = {
            key: Standing(pages := pages_for(len(each), own), each[:: pages.per_page])
            for key, each in paths.items()
        }
        kept_standing.keep(kept, {(key, how): each for key, each in read.items()})
        found |= read
    return found
