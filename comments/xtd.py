"""django-comments-xtd as this site uses it: its tables and settings, without its tree helpers."""

from django_comments_xtd.apps import CommentsXtdConfig


class TablesOnlyConfig(CommentsXtdConfig):
    """Leaves out xtd's receiver of every save.

    It hides and shows a comment's replies with it, one query a reply, by flags that here follow
    from each comment's own status.
    """

    label = "django_comments_xtd"

    def ready(self) -> None:
        pass
