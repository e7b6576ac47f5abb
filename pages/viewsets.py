"""Admin screens of the pages room."""

from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminModelForm
from wagtail.admin.panels import FieldPanel, ObjectList
from wagtail.admin.ui.tables import DateColumn
from wagtail.admin.viewsets.model import ModelViewSet, ModelViewSetGroup

from pages.models import Category, MenuItem, ReusableBlock, Tag
from pages.panels import ReusableTextPanel
from pages.services.reusable_blocks import save_block
from pages.widgets import BlockTextInput


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


class ReusableBlockForm(WagtailAdminModelForm):
    """A reusable block as an editor writes it, stored as every other way stores it."""

    def save(self, commit: bool = True) -> ReusableBlock:
        changes = {name: self.cleaned_data[name] for name in self.changed_data}
        return save_block(self.instance, **changes)


class ReusableBlockViewSet(ModelViewSet):
    """What several texts show by reference."""

    model = ReusableBlock
    icon = "repeat"
    list_display = ["title", "status", DateColumn("changed_at", label=_("Changed"))]
    list_filter = ["status"]
    search_fields = ["title"]
    ordering = ["-changed_at"]
    add_to_reference_index = False
    edit_handler = ObjectList(
        [
            FieldPanel("title"),
            FieldPanel("raw_content", widget=BlockTextInput),
            ReusableTextPanel(heading=_("Block-editor text, as it is shown")),
            FieldPanel("status"),
            FieldPanel("slug"),
        ],
        base_form_class=ReusableBlockForm,
    )


class StructureGroup(ModelViewSetGroup):
    """What posts are filed under, how visitors find them, and what several of them show."""

    menu_label = _("Structure")
    menu_icon = "folder-open-inverse"
    menu_order = 250
    items = (CategoryViewSet("category"), TagViewSet("tag"), MenuViewSet("menu"),
             ReusableBlockViewSet("reusable_block"))  # fmt: skip
