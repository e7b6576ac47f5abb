"""The page on which a policy is written and read."""

from typing import Any

from django import forms
from django.db import models, transaction
from django.http import Http404, HttpRequest, HttpResponse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms import WagtailAdminPageForm
from wagtail.admin.panels import FieldPanel, HelpPanel, MultiFieldPanel
from wagtail.contrib.routable_page.models import RoutablePageMixin, path
from wagtail.fields import StreamField
from wagtail.models import Page

from pages import publishing
from pages.blocks import ClauseBlock
from pages.models.policies import Acceptance, MaterialChange, PolicyKind


class PolicyPageForm(WagtailAdminPageForm):
    """Tells an editor who publishes what a version still lacks; drafts may be half done."""

    material = forms.MultipleChoiceField(
        choices=MaterialChange.choices,
        required=False,
        widget=forms.CheckboxSelectMultiple,
        label=_("Material changes"),
        help_text=_("People are told prominently of each of these."),
    )

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean()
        wants_to_publish = any(
            self.data.get(action) for action in ("action-publish", "action-submit")
        )
        if wants_to_publish and not self.errors:
            for name, value in cleaned.items():
                if name in publishing.CHECKED_FIELDS:
                    setattr(self.instance, name, value)
            for field, sentence in publishing.problems_of(self.instance).items():
                self.add_error(field if field in self.fields else None, sentence)
        return cleaned


class PolicyPage(RoutablePageMixin, Page):
    """Where editors write a policy, and the address at which visitors read the version in force.

    Visitors never see this page's own fields. Whatever way it is published, save() makes exactly
    one frozen version or none, in the same transaction (see pages.publishing).
    """

    kind = models.CharField(_("kind"), max_length=24, choices=PolicyKind.choices)
    body = StreamField([("clause", ClauseBlock())], verbose_name=_("clauses"), blank=True)
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
    is_recorded_later = models.BooleanField(default=False, editable=False)

    base_form_class = PolicyPageForm
    content_panels = [
        *Page.content_panels,
        FieldPanel("kind"),
        HelpPanel(template="pages/admin/policy_guide.html", heading=_("Suggested text")),
        FieldPanel("body"),
        MultiFieldPanel(
            [FieldPanel(name) for name in ("change_summary", "updated_on", "effective_at",
                                           "material", "reduces_rights", "acceptance")],
            _("This version"),
        ),
    ]  # fmt: skip
    parent_page_types = ["pages.HomePage", "pages.StandardPage"]
    subpage_types: list[str] = []
    template = "pages/policy_page.html"

    def save(self, *args: Any, **kwargs: Any) -> None:
        with transaction.atomic():
            super().save(*args, **kwargs)
            if self.live and self.live_revision_id:
                publishing.record_version(self)

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

        context = versions_context(self)
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

    def serve_preview(self, request: HttpRequest, mode_name: str) -> HttpResponse:
        from pages.policies import preview_context  # knows the models

        request.is_preview = True
        return self.render(request, context_overrides=preview_context(self, timezone.now()))
