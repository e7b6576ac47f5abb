"""The blocks that a page's body is built from."""

from django import forms
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks
from wagtail.contrib.typed_table_block.blocks import TypedTableBlock
from wagtail.images.blocks import ImageChooserBlock

from core.extensions.policies import policy_facts, policy_texts
from pages.widgets import BlockTextInput

# Marks that both Wagtail's editor and the block editor have.
INLINE_FEATURES = ["bold", "italic", "code", "strikethrough", "superscript", "subscript", "link"]
LIST_FEATURES = ["ul", "ol", *INLINE_FEATURES]
TEXT_FEATURES = ["h2", "h3", "h4", *LIST_FEATURES, "hr", "blockquote"]


class HeadingBlock(blocks.StructBlock):
    """A heading within the text."""

    text = blocks.CharBlock(label=_("Text"))
    level = blocks.ChoiceBlock(
        choices=[(str(level), f"H{level}") for level in range(1, 7)], default="2", label=_("Level")
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


class EmbedBlock(blocks.StructBlock):
    """Something of another site; visitors are given a link to it."""

    url = blocks.CharBlock(label=_("Address"))
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "media"
        label = _("Embed")


class ButtonBlock(blocks.StructBlock):
    """A link that looks like a button."""

    text = blocks.CharBlock(label=_("Text"))
    url = blocks.CharBlock(required=False, label=_("Leads to"))

    class Meta:
        icon = "link"
        label = _("Button")


class GalleryBlock(blocks.StructBlock):
    """Several pictures side by side."""

    pictures = blocks.ListBlock(PictureBlock(), label=_("Pictures"))
    caption = blocks.CharBlock(required=False, label=_("Caption"))

    class Meta:
        icon = "grip"
        label = _("Gallery")


class SeparatorBlock(blocks.StaticBlock):
    """A line across the text."""

    class Meta:
        icon = "minus"
        label = _("Separator")
        admin_text = _("A line across the text.")


class RawBlock(blocks.TextBlock):
    """Text of the block editor that no other kind can hold, edited as it is written."""

    @cached_property
    def field(self) -> forms.CharField:
        return forms.CharField(widget=BlockTextInput(), **self.field_options)

    class Meta:
        icon = "code"
        label = _("Block-editor text")


class ColumnBlock(blocks.StreamBlock):
    """What a column, or a whole body, is built from."""

    paragraph = blocks.RichTextBlock(label=_("Text"), icon="pilcrow", features=TEXT_FEATURES)
    heading = HeadingBlock()
    list = blocks.RichTextBlock(label=_("List"), icon="list-ul", features=LIST_FEATURES)
    picture = PictureBlock()
    gallery = GalleryBlock()
    quote = QuoteBlock()
    code = blocks.TextBlock(label=_("Code"), icon="code")
    table = TypedTableBlock(
        [("text", blocks.RichTextBlock(features=INLINE_FEATURES, label=_("Text")))],
        label=_("Table"), icon="table",
    )  # fmt: skip
    separator = SeparatorBlock()
    embed = EmbedBlock()
    buttons = blocks.ListBlock(ButtonBlock(), label=_("Buttons"), icon="link")
    html = blocks.RawHTMLBlock(label=_("HTML"), help_text=_("Scripts and forms are taken out."))
    raw = RawBlock(
        help_text=_(
            "As the block editor writes it, comments included. Scripts and forms show nothing."
        )
    )


class BodyBlock(ColumnBlock):
    """The body of a post or page."""

    columns = blocks.ListBlock(ColumnBlock(), label=_("Columns"), icon="table")
    classic = RawBlock(
        label=_("Classic text"), icon="pilcrow",
        help_text=_("A blank line begins a paragraph. Shortcodes stay as they are."),
    )  # fmt: skip


class FeatureBlock(blocks.StructBlock):
    """One of the things a home page points at."""

    heading = blocks.CharBlock(label=_("Heading"))
    text = blocks.TextBlock(label=_("Text"))
    image = ImageChooserBlock(required=False, label=_("Picture"))
    alt = blocks.CharBlock(required=False, label=_("Alternative text"))
    url = blocks.CharBlock(required=False, label=_("Leads to"))


class ClauseBlock(blocks.StructBlock):
    """One clause of a policy; a heading alone, a numbered paragraph, or both."""

    label = blocks.CharBlock(
        required=False,
        label=_("Printed number"),
        help_text=_("As in an imported text, such as “2.1 ”. Left empty, the software numbers."),
    )
    heading = blocks.CharBlock(required=False, label=_("Heading"))
    level = blocks.ChoiceBlock(
        choices=[("2", _("Section")), ("3", _("Sub-section")), ("4", _("Level 3")),
                 ("5", _("Level 4")), ("6", _("Level 5"))],
        default="2", label=_("Level"),
    )  # fmt: skip
    text = blocks.RichTextBlock(
        required=False,
        label=_("Text"),
        features=["bold", "italic", "link", "ol", "ul"],
        help_text=_("A fact is written {{ comments.cookie_days }}; its value is filled in."),
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


class DefinitionBlock(blocks.StructBlock):
    """What a word means in this policy."""

    term = blocks.CharBlock(label=_("Word"))
    meaning = blocks.RichTextBlock(label=_("Meaning"), features=["bold", "italic", "link"])

    class Meta:
        icon = "openquote"
        label = _("Definition")


class RecipientBlock(blocks.StructBlock):
    """Somebody who is given personal data."""

    name = blocks.CharBlock(label=_("Name"))
    contact = blocks.CharBlock(label=_("How to reach them"))
    purpose = blocks.CharBlock(label=_("What for"))
    data = blocks.CharBlock(label=_("Which data"))
    country = blocks.CharBlock(label=_("Where"))


class RecipientsBlock(blocks.StructBlock):
    """A list of those who are given personal data."""

    heading = blocks.CharBlock(required=False, label=_("Heading"))
    recipients = blocks.ListBlock(RecipientBlock(), label=_("Recipients"))

    class Meta:
        icon = "group"
        label = _("Recipients of data")


def fact_choices() -> list[tuple[str, str]]:
    """Return the registered facts for a choice."""
    return [(fact.identifier, f"{fact.verbose_name} ({fact.identifier})") for fact in policy_facts]


class FactBlock(blocks.StructBlock):
    """A sentence with a value that the running software keeps."""

    fact = blocks.ChoiceBlock(choices=fact_choices, label=_("Fact"))
    sentence = blocks.CharBlock(
        label=_("Sentence"), help_text=_("{value} stands where the value goes.")
    )

    class Meta:
        icon = "cog"
        label = _("Fact")


def suggestion_choices() -> list[tuple[str, str]]:
    """Return the registered suggestions for a choice."""
    return [(text.identifier, f"{text.heading['en']} ({text.identifier})") for text in policy_texts]


class PolicyBlock(blocks.StreamBlock):
    """The body of a policy."""

    clause = ClauseBlock()
    definition = DefinitionBlock()
    table = TypedTableBlock(
        [("text", blocks.RichTextBlock(features=["bold", "italic", "link"], label=_("Text")))],
        label=_("Table"), icon="table",
    )  # fmt: skip
    recipients = RecipientsBlock()
    fact = FactBlock()
    suggestion = blocks.ChoiceBlock(
        choices=suggestion_choices, label=_("Suggested text, as it stands"), icon="doc-full"
    )
