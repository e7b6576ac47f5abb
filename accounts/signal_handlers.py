"""What follows when the database is set up or a post is published."""

from typing import Any

from accounts.services import ensure_groups, mark_as_author, open_journal


def make_groups(sender: Any, **kwargs: Any) -> None:
    """Receiver of the last post_migrate: groups get their permissions."""
    ensure_groups()


def let_authors_write(sender: Any, instance: Any, created: bool, **kwargs: Any) -> None:
    """Receiver of post_save of pages of posts: authors and contributors write below a new one."""
    if created:
        open_journal(instance)


def show_author(sender: Any, author_id: int, **kwargs: Any) -> None:
    """Receiver of core.signals.author_published."""
    mark_as_author(author_id)
