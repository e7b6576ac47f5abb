"""The list of accounts in the Wagtail admin: by their public names, sign-in names masked."""

from functools import cached_property
from typing import Any

from wagtail.users.views.users import IndexView as WagtailIndexView
from wagtail.users.views.users import UserViewSet as WagtailUserViewSet

from core.extensions.masking import masking


class IndexView(WagtailIndexView):
    """Wagtail's list, whose two columns of names are told by us."""

    @cached_property
    def columns(self) -> list[Any]:
        columns = super().columns
        for column in columns:
            if column.name == "name":
                column.accessor = lambda user: user.public_name
            elif column.name == self.model.USERNAME_FIELD:
                column.accessor = lambda user: masking.get().name(user.get_username())
        return columns


class UserViewSet(WagtailUserViewSet):
    """Wagtail's screens of accounts, with our list."""

    index_view_class = IndexView
