"""Settings of the test suite: the base, loosened where a test must be quick or repeatable."""

import os
import tempfile

# The base reads these at import: tests keep their data apart and in trial mode.
os.environ.setdefault("CMS_DATA_DIR", tempfile.mkdtemp(prefix="candour-tests-"))
os.environ.pop("SECRET_KEY", None)

from cms.settings.base import *  # noqa: F403
from cms.settings.base import MIDDLEWARE, STORAGES, TASKS

PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
EMAIL_BACKEND = "django.core.mail.backends.locmem.EmailBackend"
STORAGES = STORAGES | {
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
}
TASKS = {
    "default": TASKS["default"] | {"BACKEND": "django_tasks.backends.immediate.ImmediateBackend"}
}
# Every REST answer of every test is held against the OpenAPI document.
MIDDLEWARE = ["tests.openapi_watch.watch", *MIDDLEWARE]
COMMENTS_FLOOD_SECONDS = 0
ALLOWED_HOSTS = ["*"]
# Nothing is collected for tests, and WhiteNoise warns of a missing folder unless it looks late.
WHITENOISE_AUTOREFRESH = True
