"""What a browser sends when it opens a page in the admin and saves it, whatever its blocks."""

from typing import Any

from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock


def form_data(page: Any, **changed: Any) -> dict[str, Any]:
    """Return the fields of a page's form as they stand, with some of them changed."""
    form = page.get_edit_handler().get_form_class()(instance=page, for_user=None)
    data: dict[str, Any] = {}
    for name, field in form.fields.items():
        value = form[name].value()
        if name == "body":
            data |= block_data(page.body.stream_block, page.body, "body")
        elif hasattr(value, "__iter__") and not isinstance(value, str):
            data[name] = [str(getattr(each, "pk", each)) for each in value]
        elif value not in (None, False):
            prepared = field.prepare_value(value) if hasattr(field, "prepare_value") else value
            data[name] = field.widget.format_value(prepared) or ""
    for formset in form.formsets.values():
        data |= {f"{formset.prefix}-TOTAL_FORMS": "0", f"{formset.prefix}-INITIAL_FORMS": "0"}
    return data | changed


def block_data(block: Any, value: Any, prefix: str) -> dict[str, Any]:
    data: dict[str, Any] = {}
    if isinstance(block, blocks.StreamBlock):
        data[f"{prefix}-count"] = str(len(value))
        for place, child in enumerate(value):
            data |= item_data(child.block, child, f"{prefix}-{place}", place)
            data[f"{prefix}-{place}-type"] = child.block_type
    elif isinstance(block, blocks.ListBlock):
        data[f"{prefix}-count"] = str(len(value))
        for place, child in enumerate(value.bound_blocks):
            data |= item_data(child.block, child, f"{prefix}-{place}", place)
    elif isinstance(block, blocks.StructBlock):
        for name, inner in block.child_blocks.items():
            data |= block_data(inner, value[name], f"{prefix}-{name}")
    elif isinstance(block, TypedTableBlock):
        data |= {
            f"{prefix}-caption": value.caption or "",
            f"{prefix}-row-count": len(value.row_data),
            f"{prefix}-column-count": len(value.columns),
        }
        for place, column in enumerate(value.columns):
            at = f"{prefix}-column-{place}"
            data |= {f"{at}-type": column["block"].name, f"{at}-order": place,
                     f"{at}-heading": column["heading"], f"{at}-deleted": ""}  # fmt: skip
        for place, row in enumerate(value.row_data):
            data |= {f"{prefix}-row-{place}-order": place, f"{prefix}-row-{place}-deleted": ""}
            for number, cell in enumerate(row["values"]):
                inner = value.columns[number]["block"]
                data |= block_data(inner, cell, f"{prefix}-cell-{place}-{number}")
    elif not isinstance(block, blocks.StaticBlock):
        shown = block.field.widget.format_value(
            block.field.prepare_value(block.value_for_form(value))
        )
        shown = shown[0] if isinstance(shown, list) else shown
        # Browsers end lines of a text field as the form encoding says.
        data[prefix] = str(shown or "").replace("\r\n", "\n").replace("\n", "\r\n")
    return data


def item_data(block: Any, child: Any, prefix: str, place: int) -> dict[str, Any]:
    own = {f"{prefix}-deleted": "", f"{prefix}-order": str(place), f"{prefix}-id": child.id or ""}
    return own | block_data(block, child.value, f"{prefix}-value")
