#!/usr/bin/env python
"""Run Candour's commands."""

import os
import sys


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")
    # Django is imported after the settings are named.
    from django.conf import settings
    from django.core.exceptions import ImproperlyConfigured
    from django.core.management import execute_from_command_line

    try:
        settings.INSTALLED_APPS  # noqa: B018  reading the settings is what may fail
    except ImproperlyConfigured as error:
        sys.exit(f"Candour cannot start. {error}")
    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
