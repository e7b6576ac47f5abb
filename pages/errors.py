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
    message = _(
        "This file cannot be imported as a policy: it is longer than two million signs, or its "
        "parts are nested too deeply. Divide it, or save it as plain text."
    )


class PolicyVersionChangedError(CMSError):
    """A person agreed to a version that is no longer the one in force."""

    code = "policy_version_changed"
    message = _(
        "The text changed while you were reading. Please read the version that is in force now, "
        "and confirm again."
    )


class PolicyActionError(CMSError):
    """A version does not ask for this action; `asks_for` says what it asks for."""

    code = "policy_action_wrong"
    message = _(
        "This policy does not ask for that. Terms are accepted, notices are taken note of, and "
        "some policies ask for nothing."
    )


class NothingToWithdrawError(CMSError):
    """Somebody withdraws what they have not given, or have withdrawn already."""

    code = "policy_nothing_to_withdraw"
    message = _("There is nothing to withdraw: you have not agreed to this, or no longer do.")


class AddressInvalidError(CMSError):
    """What was given is no mail address."""

    code = "policy_address_invalid"
    message = _("This is no mail address. It looks like name@example.org.")


class MailNotSentError(CMSError):
    """The mail server did not take a mail; the work is to be repeated."""

    code = "policy_mail_not_sent"
    message = _("The mail could not be sent. It will be tried again.")


class SubscriptionLinkError(CMSError):
    """A link of a mail about a subscription leads nowhere any more."""

    code = "policy_subscription_unknown"
    message = _(
        "This link is no longer valid: it is too old, or the subscription has ended. You can "
        "subscribe again at any time."
    )


class TermNameError(CMSError):
    """A term has no name, or one that is too long."""

    code = "empty_term_name"
    message = _("A name is required for this term: between 1 and 200 characters.")


class TermExistsError(CMSError):
    """A term has the name of another; `term_id` is the other's number."""

    code = "term_exists"
    message = _("A term with this name exists already.")


class TermSlugTakenError(CMSError):
    """A term is given the slug of another."""

    code = "duplicate_term_slug"
    message = _("This slug is used by another term: choose another one.")


class ParentTermError(CMSError):
    """A term is put below one that is not there, or below itself."""

    code = "rest_term_invalid"
    message = _("The parent term does not exist, or stands below this one.")


class DefaultTermError(CMSError):
    """The category that posts without another one have cannot be deleted."""

    code = "rest_cannot_delete"
    message = _("The default category cannot be deleted: posts without another one need it.")


class MenuEntryError(CMSError):
    """An entry of a menu leads nowhere, or stands below one it cannot stand below."""

    code = "menu_entry_invalid"
    message = _("A menu entry leads to a page, a term or an address, below one of its own menu.")


class EntryEmptyError(CMSError):
    """An entry would have neither title nor content nor excerpt."""

    code = "empty_content"
    message = "Content, title, and excerpt are empty."


class EntryFieldError(CMSError):
    """Fields of an entry contradict each other, or what it is and where it stands."""

    code = "rest_invalid_field"
    message = _("These fields do not go together.")


class EntryInvalidError(CMSError):
    """Values of an entry that cannot be stored; `fields` names each with its sentence."""

    code = "rest_invalid_param"
    message = _("Some values cannot be stored.")


class EntryParentError(CMSError):
    """A page cannot stand below the one that was named."""

    code = "rest_post_invalid_id"
    message = "Invalid post parent ID."


class EntryHeldError(CMSError):
    """An entry stays as and where it is: somebody locked it, or policies are read below it."""

    code = "rest_cannot_edit"
    message = _("This is locked by somebody who is editing it.")


class EntryTrashedError(CMSError):
    """An entry lies in the trash already, or it does not and should."""

    code = "rest_already_trashed"
    message = "The post has already been deleted."
