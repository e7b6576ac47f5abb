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
    from django.db import OperationalError, ProgrammingError

    try:
        settings.INSTALLED_APPS  # noqa: B018  reading the settings is what may fail
    except ImproperlyConfigured as error:
        sys.exit(f"Candour cannot start. {error}")
    try:
        execute_from_command_line(sys.argv)
    except ImproperlyConfigured as error:
        # What an app makes of a setting.
        sys.exit(f"Candour cannot start. {error}")
    except KeyboardInterrupt:
        # Ctrl-C while something is prepared; what was half done is done again the next time.
        sys.exit(130)
    except (OperationalError, ProgrammingError) as error:
        if not any(words in str(error) for words in ("no such table", "does not exist")):
            raise
        sys.exit(
            f"The database has no tables for this yet ({error}). Is it the right one? "
            "CMS_DATA_DIR or DATABASE_URL names it; manage.py migrate makes the tables."
        )


if __name__ == "__main__":
    main()
