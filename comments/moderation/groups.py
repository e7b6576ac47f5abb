"""Where a group moderates, as a part of Wagtail's form for groups."""

from typing import Any

from django import forms
from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.template.loader import render_to_string
from django.utils.translation import gettext_lazy as _
from wagtail.admin.forms.formsets import BaseFormSetMixin
from wagtail.admin.widgets import AdminPageChooser
from wagtail.models import Page

from comments.models import ModeratorScope
from comments.scopes import set_scopes


class ScopeForm(forms.Form):
    """One page below which the group moderates."""

    page = forms.ModelChoiceField(
        queryset=Page.objects.all(),
        label=_("Page"),
        widget=AdminPageChooser(show_edit_link=False, can_choose_root=True),
    )


class BaseScopeFormSet(BaseFormSetMixin, forms.BaseFormSet):
    """The pages of a group; none is the whole site."""

    def __init__(
        self, data: Any = None, files: Any = None, instance: Group | None = None,
        prefix: str = "comment_scopes",
    ) -> None:  # fmt: skip
        self.instance = instance or Group()
        scopes = (
            ModeratorScope.objects.filter(group=self.instance).select_related("page")
            if self.instance.pk
            else ()
        )
        initial = [{"page": scope.page} for scope in scopes if scope.page is not None]
        # A page that was deleted must not leave the group the whole site.
        self.lost = sum(scope.page is None for scope in scopes)
        super().__init__(data, files, initial=initial, prefix=prefix)

    def pages(self) -> list[Page]:
        return [
            form.cleaned_data["page"]
            for form in self.forms
            if form not in self.deleted_forms and form.cleaned_data.get("page")
        ]

    def clean(self) -> None:
        if any(self.errors):
            return
        pages = self.pages()
        if len(set(pages)) != len(pages):
            raise ValidationError(_("A page is named twice."))

    def save(self) -> None:
        """Keep what the form says, once the group is saved."""
        if self.has_changed():
            set_scopes(self.instance.pk, [page.pk for page in self.pages()])

    def as_admin_panel(self) -> str:
        return render_to_string("comments/admin/group_scopes.html", {"formset": self})


ScopeFormSet = forms.formset_factory(ScopeForm, formset=BaseScopeFormSet, extra=0, can_delete=True)
