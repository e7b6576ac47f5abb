"""Errors of the pages room."""

from django.utils.translation import gettext_lazy as _

from core.errors import CMSError


class PolicyNotPublishableError(CMSError):
    """A policy page lacks something that a version needs."""

    code = "policy_not_publishable"
    message = _("This policy cannot be published yet.")


class PolicyImportError(CMSError):
    """A file cannot be imported as a policy."""

    code = "policy_import_failed"
    message = _("This file cannot be imported as a policy.")


class PolicyVersionChangedError(CMSError):
    """A person agreed to a version that is no longer the one in force."""

    code = "policy_version_changed"
    message = _(
        "The text changed while you were reading. Please read the version that is in force now, "
        "and confirm again."
    )
