"""WordPress's roles as it gives them out, for tests of who may read what."""

from contextlib import contextmanager

from core.extensions.people import capabilities

CONTRIBUTOR = frozenset({"read", "edit_posts", "delete_posts"})
AUTHOR = CONTRIBUTOR | {
    "upload_files", "publish_posts", "edit_published_posts", "delete_published_posts",
}  # fmt: skip
EDITOR = AUTHOR | {
    f"{verb}_{kind}" for kind in ("posts", "pages")
    for verb in ("edit", "edit_others", "edit_published", "edit_private", "read_private",
                 "publish", "delete", "delete_others", "delete_published", "delete_private")
} | {"moderate_comments", "manage_categories", "unfiltered_html"}  # fmt: skip
ROLES = {"subscriber": frozenset({"read"}), "contributor": CONTRIBUTOR, "author": AUTHOR,
         "editor": EDITOR, "administrator": EDITOR | {"manage_options"}}  # fmt: skip


class GivenRoles:
    """Answers core.extensions.people.Capabilities from a role for each account."""

    def __init__(self, roles):
        self.roles = roles

    def of(self, user):
        return ROLES[self.roles[user.pk]] if user.pk in self.roles else frozenset()

    def groups_with(self, capability):
        return []


@contextmanager
def roles(**by_role):
    """Give each account a role of WordPress for the block: roles(editor=edith)."""
    given = GivenRoles({user.pk: role for role, user in by_role.items()})
    with capabilities.temporarily(given):
        yield
