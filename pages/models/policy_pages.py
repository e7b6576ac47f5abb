"""The page on which a policy is written and read."""

from collections.abc import Sequence
from html import escape
from typing import Any

from django import forms
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.utils.html import strip_tags
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page
from wagtail.rich_text import RichText

from pages import publishing
from pages.addresses import keep_address
from pages.blocks import PolicyBlock
from pages.guide import suggestions_for
from pages.models.addresses import AtSiteAddress
from pages.models.policies import Acceptance, MaterialChange, PolicyKind, Trigger
from pages.renumbering import Renumbered, renumber


class PolicyPageForm(WagtailAdminPageForm):
    """Tells an editor who publishes what a version still lacks; drafts may be half done."""

    material = forms.MultipleChoiceField(
        choices=MaterialChange.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Material changes"),
        help_text=_("People are told prominently of each of these."),
    )

    triggers = forms.MultipleChoiceField(
        choices=Trigger.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Asks before"),
        help_text=_("What a person does that needs agreement or taking note first."),
    )
    new_functions = forms.MultipleChoiceField(
        choices=Trigger.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Functions that are new with this version"),
        help_text=_(
            "Whoever has not agreed keeps what they had, and is refused these functions only."
        ),
    )

    insert_suggestions = forms.MultipleChoiceField(
        required=False, widget=forms.CheckboxSelectMultiple, label=_("Put in as own words")
    )
    renumber = forms.BooleanField(
        required=False,
        label=_("Close gaps in the printed numbers"),
        help_text=_("References in the text follow. What changed is shown after saving."),
    )
    publish_anyway = forms.BooleanField(
        required=False,
        label=_("Publish in spite of what the check asks about"),
        help_text=_("Faults that surely mislead readers stop publishing all the same."),
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if "insert_suggestions" in self.fields:
            self.fields["insert_suggestions"].choices = [
                (each.identifier, each.heading)
                for each in suggestions_for(self.instance)
                if each.text
            ]
        if self.instance.pk is None:
            # An imported text keeps its printed numbers; a new one is numbered by the software.
            self.initial["is_numbered"] = True
        if self.instance.live and not self.instance.has_unpublished_changes:
            # What was said of the version that is published does not hold for the next one.
            self.initial |= {
                "change_summary": "", "version_label": "", "updated_on": None,
                "effective_at": None, "material": [], "reduces_rights": False,
                "is_correction": False, "new_functions": [],
            }  # fmt: skip

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        # Whoever writes here writes anew: only what was brought in as history needs no notice.
        self.instance.is_recorded_later = False
        self.put_in_suggestions(cleaned)
        for block in cleaned.get("body") or ():
            if block.block_type == "clause":
                keep_apart(block.value)
        if cleaned.get("renumber") and cleaned.get("body") is not None:
            self.instance.renumbered = renumber_body(cleaned["body"])
        wants_to_publish = any(
            self.data.get(action) for action in ("action-publish", "action-submit")
        )
        if wants_to_publish and not self.errors:
            for name, value in cleaned.items():
                if name in publishing.CHECKED_FIELDS:
                    setattr(self.instance, name, value)
            # What is scheduled has to be right when it goes live.
            now = max(timezone.now(), cleaned.get("go_live_at") or timezone.now())
            for field, sentences in publishing.problems_of(self.instance, now).items():
                for sentence in str(sentences).splitlines():
                    self.add_error(field if field in self.fields else None, sentence)
            if not self.errors and not cleaned.get("publish_anyway"):
                self.ask(publishing.questions_of(self.instance, now))
        return cleaned

    def ask(self, questions: list[str]) -> None:
        if questions:
            self.add_error("publish_anyway", _("Read these, and tick this box to publish anyway."))
        for question in questions:
            self.add_error("publish_anyway", question)

    def put_in_suggestions(self, cleaned: dict[str, Any]) -> None:
        chosen = set(cleaned.get("insert_suggestions") or ())
        body = cleaned.get("body")
        if not chosen or body is None:
            return
        for each in suggestions_for(self.instance):
            if each.identifier in chosen:
                paragraph = f"<p>{escape(each.text, quote=False)}</p>"
                words = {"label": "", "heading": each.heading, "level": "2", "text": paragraph,
                         "is_emphasised": False, "is_sensitive": False}  # fmt: skip
                body.append(("clause", body.stream_block.child_blocks["clause"].normalize(words)))


def keep_apart(clause: Any) -> None:
    """Give a printed number the space that forms strip, where a Latin word follows it."""
    label = (clause.get("label") or "").strip()
    words = (clause["heading"] or strip_tags(clause["text"].source)).strip()
    clause["label"] = f"{label} " if label and words[:1].isascii() else label


def renumber_body(body: Any) -> list[Renumbered]:
    """Number the printed clauses of a body anew, in place, and return what changed."""
    clauses = [block for block in body if block.block_type == "clause"]
    parts = [
        {"label": block.value.get("label") or "", "heading": block.value["heading"],
         "level": block.value["level"] or 2, "html": block.value["text"].source}
        for block in clauses
    ]  # fmt: skip
    renumbered, changes = renumber(parts)
    for block, part in zip(clauses, renumbered, strict=True):
        block.value["label"], block.value["heading"] = part["label"], part["heading"]
        block.value["text"] = RichText(part["html"])
    return changes


def list_of_register() -> list[str]:
    """Return the default of what asks for agreement."""
    return [Trigger.REGISTER.value]


class PolicyPage(AtSiteAddress, RoutablePageMixin, Page):
    """Where editors write a policy, and the address at which visitors read the version in force.

    Visitors never see this page's own fields. Whatever way it is published, save() makes exactly
    one frozen version or none, in the same transaction (see pages.publishing).
    """

    kind = models.CharField(_("kind"), max_length=24, choices=PolicyKind.choices)
    body = StreamField(PolicyBlock(), verbose_name=_("clauses"), blank=True)
    is_numbered = models.BooleanField(
        _("number the clauses"), default=False,
        help_text=_("Clauses with a printed number of their own keep it."),
    )  # fmt: skip
    version_label = models.CharField(
        _("name of this version"), max_length=60, blank=True,
        help_text=_("Shown beside its number, such as “Spring edition”."),
    )  # fmt: skip
    updated_on = models.DateField(
        _("updated on"), null=True, blank=True,
        help_text=_("Left empty, the day of publishing."),
    )  # fmt: skip
    effective_at = models.DateTimeField(
        _("takes effect at"), null=True, blank=True,
        help_text=_("Left empty, at once. A later moment announces the version until then."),
    )  # fmt: skip
    change_summary = models.TextField(
        _("what changed"), blank=True,
        help_text=_("In plain words, for the people it concerns. Needed for publishing."),
    )  # fmt: skip
    material = models.JSONField(_("material changes"), default=list, blank=True)
    reduces_rights = models.BooleanField(_("reduces the rights of people"), default=False)
    acceptance = models.CharField(
        _("asks people"), max_length=16, choices=Acceptance.choices, default=Acceptance.NONE
    )
    triggers = models.JSONField(_("asks before"), default=list_of_register, blank=True)
    new_functions = models.JSONField(_("functions that are new"), default=list, blank=True)
    is_correction = models.BooleanField(
        _("only mends typing errors"), default=False,
        help_text=_("A correction asks nobody again and tells nobody. It may not touch numbers, "
                    "facts, dates, or important and sensitive clauses."),
    )  # fmt: skip
    is_recorded_later = models.BooleanField(default=False, editable=False)

    base_form_class = PolicyPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        HelpPanel(template="pages/admin/policy_guide.html", heading=_("Suggested text")),
        FieldPanel("insert_suggestions"),
        FieldPanel("body"),
        FieldPanel("is_numbered"),
        FieldPanel("renumber"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("change_summary", "is_correction", "version_label",
                                           "updated_on", "effective_at", "material",
                                           "reduces_rights")],
            _("This version"),
        ),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("acceptance", "triggers", "new_functions")],
            _("What it asks of people"),
        ),
        FieldPanel("publish_anyway"),
    ]  # fmt: skip
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: list[str] = []
    # A policy holds for everybody, so that no login or password can stand before it.
    private_page_options: list[str] = []
    template = "pages/policy_page.html"
    # What closing the gaps changed, between the form and the message that tells of it.
    renumbered: Sequence[Renumbered] = ()

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            is_publication = publishing.will_publish(self)
            super().save(*args, **kwargs)
            if is_publication:
                publishing.record_version(self)

    def clean(self) -> None:
        super().clean()
        keep_address(self)

    def get_sitemap_urls(self, request: HttpRequest | None = None) -> list[dict[str, Any]]:
        """Return what a sitemap says of the page; nothing while nobody can read it."""
        return super().get_sitemap_urls(request) if publishing.has_version(self) else []

    @path("")
    def current(self, request: HttpRequest) -> HttpResponse:
        """Show the version in force, or the announced one before the first is."""
        from pages.policies import current_context  # knows the models

        context = current_context(self)
        if context is None:
            raise Http404
        return self.render(request, context_overrides=context)

    @path("versions/")
    def versions(self, request: HttpRequest) -> HttpResponse:
        """List every version."""
        from pages.policies import versions_context  # knows the models

        context = versions_context(self, request.GET.get("page", ""))
        if context is None:
            raise Http404
        return self.render(
            request, context_overrides=context, template="pages/policy_versions.html"
        )

    @path("versions/<int:number>/")
    def version(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show one version for ever at the same address."""
        from pages.policies import version_context  # knows the models

        context = version_context(self, number)
        if context is None:
            raise Http404
        return self.render(request, context_overrides=context)

    @path("text/")
    def plain_text(self, request: HttpRequest) -> HttpResponse:
        """Show the version in force as plain text."""
        return self.text_of_version(None)

    @path("versions/<int:number>/text/")
    def plain_text_of_version(self, request: HttpRequest, number: int) -> HttpResponse:
        """Show one version as plain text."""
        return self.text_of_version(number)

    def text_of_version(self, number: int | None) -> HttpResponse:
        from pages.policies import current_context, version_context  # knows the models

        context = current_context(self) if number is None else version_context(self, number)
        if context is None:
            raise Http404
        return HttpResponse(
            f"{context['text'].title}\n\n{context['text'].text}",
            content_type="text/plain; charset=utf-8",
        )

    @path("compare/<int:first>...<int:second>/")
    def compare(self, request: HttpRequest, first: int, second: int) -> HttpResponse:
        """Show what changed between two versions, clause by clause and word by word."""
        from pages.policies import compare_context  # knows the models

        context = compare_context(self, first, second)
        if context is None:
            raise Http404
        return self.render(request, context_overrides=context, template="pages/policy_compare.html")

    @path("compare/")
    def choose_comparison(self, request: HttpRequest) -> HttpResponse:
        """Lead from the form that chooses two versions to their comparison."""
        numbers = [request.GET.get(name, "") for name in ("from", "to")]
        if not all(number.isdecimal() and len(number) < 10 for number in numbers):
            return redirect(f"{self.get_url()}versions/")
        return redirect(f"{self.get_url()}compare/{int(numbers[0])}...{int(numbers[1])}/")

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from pages.policies import preview_context  # knows the models

        request.is_preview = True
        return self.render(request, context_overrides=preview_context(self, timezone.now()))
