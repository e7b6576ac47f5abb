"""Admin screens of the pages room."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from pages.models import Category, MenuItem, Tag


class CategoryViewSet(ModelViewSet):
    """Categories of posts."""

    model = Category
    icon = "folder-open-1"
    form_fields = ["name", "slug", "parent", "description"]
    list_display = ["name", "slug", "parent"]
    search_fields = ["name"]
    add_to_reference_index = False


class TagViewSet(ModelViewSet):
    """Tags of posts."""

    model = Tag
    icon = "tag"
    form_fields = ["name", "slug", "description"]
    list_display = ["name", "slug"]
    search_fields = ["name"]
    add_to_reference_index = False


class MenuViewSet(ModelViewSet):
    """Entries of the menus."""

    model = MenuItem
    icon = "list-ul"
    form_fields = ["locale", "menu", "parent", "label", "page", "term", "url", "hint",
                   "opens_new_window", "position"]  # fmt: skip
    list_display = ["label", "menu", "locale", "position"]
    add_to_reference_index = False


class StructureGroup(ModelViewSetGroup):
    """What posts are filed under and how visitors find them."""

    menu_label = _("Terms and menu")
    menu_icon = "folder-open-inverse"
    menu_order = 250
    items = (CategoryViewSet("category"), TagViewSet("tag"), MenuViewSet("menu"))
