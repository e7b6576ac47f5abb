"""The blocks that a page's body is built from."""

from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.images.blocks import ImageChooserBlock


class HeadingBlock(blocks.StructBlock):
    """A heading within the text."""

    text = blocks.CharBlock(label=_("Text"))
    level = blocks.ChoiceBlock(
        choices=[("2", "H2"), ("3", "H3"), ("4", "H4")], default="2", label=_("Level")
    )

    class Meta:
        icon = "title"
        label = _("Heading")


class PictureBlock(blocks.StructBlock):
    """A picture of the library, with its own alternative text and caption where given."""

    image = ImageChooserBlock(label=_("Picture"))
    alt = blocks.CharBlock(required=False, label=_("Alternative text"))
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "image"
        label = _("Picture")


class QuoteBlock(blocks.StructBlock):
    """A quotation and whose it is."""

    text = blocks.TextBlock(label=_("Quotation"))
    attribution = blocks.CharBlock(required=False, label=_("By"))

    class Meta:
        icon = "openquote"
        label = _("Quotation")


class BodyBlock(blocks.StreamBlock):
    """The body of a post or page."""

    paragraph = blocks.RichTextBlock(label=_("Text"), icon="pilcrow")
    heading = HeadingBlock()
    picture = PictureBlock()
    quote = QuoteBlock()
    code = blocks.TextBlock(label=_("Code"), icon="code")
    html = blocks.RawHTMLBlock(label=_("HTML"), help_text=_("Scripts and forms are taken out."))


class FeatureBlock(blocks.StructBlock):
    """One of the things a home page points at."""

    heading = blocks.CharBlock(label=_("Heading"))
    text = blocks.TextBlock(label=_("Text"))
    image = ImageChooserBlock(required=False, label=_("Picture"))
    alt = blocks.CharBlock(required=False, label=_("Alternative text"))
    url = blocks.CharBlock(required=False, label=_("Leads to"))


class ClauseBlock(blocks.StructBlock):
    """One clause of a policy."""

    heading = blocks.CharBlock(required=False, label=_("Heading"))
    level = blocks.ChoiceBlock(
        choices=[("2", _("Section")), ("3", _("Sub-section"))], default="2", label=_("Level")
    )
    text = blocks.RichTextBlock(
        required=False,
        label=_("Text"),
        features=["bold", "italic", "link", "ol", "ul"],
    )
    is_emphasised = blocks.BooleanBlock(
        required=False,
        label=_("Important for the reader's rights"),
        help_text=_("Shown as important, in words as well as in looks."),
    )
    is_sensitive = blocks.BooleanBlock(
        required=False,
        label=_("About sensitive personal data"),
    )

    class Meta:
        icon = "list-ul"
        label = _("Clause")
