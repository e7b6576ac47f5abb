"""System checks over the configuration as a whole."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.checks import CheckMessage, Error, Warning, register

from core.extensions.screening import spam_screeners


@register()
def check_upload_folders(**kwargs: Any) -> list[Error]:
    """Uploads lie outside every package, and private files are not among the public ones."""
    uploads, private = Path(settings.MEDIA_ROOT).resolve(), Path(settings.PRIVATE_ROOT).resolve()
    errors = []
    if any((parent / "__init__.py").exists() for parent in (uploads, *uploads.parents)):
        errors.append(
            Error(
                f"MEDIA_ROOT ({uploads}) lies inside a Python package.",
                hint="Set CMS_DATA_DIR to a folder of its own.",
                id="cms.E001",
            )
        )
    if uploads == private or uploads in private.parents:
        errors.append(
            Error(
                f"PRIVATE_ROOT ({private}) lies inside MEDIA_ROOT and would be served.",
                hint="Keep private files beside the uploads, not below them.",
                id="cms.E002",
            )
        )
    return errors


@register()
def check_keys_differ(**kwargs: Any) -> list[Error]:
    """Pseudonyms have a key of their own, so that it can be destroyed alone."""
    if settings.PRIVACY_KEY == settings.SECRET_KEY:
        return [
            Error(
                "PRIVACY_KEY equals SECRET_KEY.",
                hint="Make PRIVACY_KEY a random text of its own.",
                id="cms.E003",
            )
        ]
    return []


@register()
def check_screeners(**kwargs: Any) -> list[CheckMessage]:
    """At least one screener looks at comments; without one, every comment waits."""
    if not len(spam_screeners):
        return [
            Warning(
                "No spam screener is registered, so every comment is held.",
                hint="Keep the comments app in INSTALLED_APPS, or register a screener.",
                id="cms.W001",
            )
        ]
    return []
