"""Products in the Wagtail admin."""

from wagtail.admin.viewsets.model import ModelViewSet

from plugins.cart.models import Product


class ProductViewSet(ModelViewSet):
    """The shop's products."""

    model = Product
    icon = "tag"
    menu_order = 270
    add_to_admin_menu = True
    form_fields = ["name", "slug", "description", "price_minor", "currency", "image", "image_alt",
                   "stock", "is_listed", "position"]  # fmt: skip
    list_display = ["name", "price_minor", "currency", "stock", "is_listed"]
    search_fields = ["name"]
    add_to_reference_index = False
