"""The WSGI application: Django with the read cache in front."""

import os

from django.core.wsgi import get_wsgi_application

from cms.chunked_bodies import ChunkedBodies
from cms.whole_bodies import WholeBodies

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cms.settings.base")
django_application = ChunkedBodies(WholeBodies(get_wsgi_application()))

from django.conf import settings  # noqa: E402  settings are read once Django is set up

from cms.read_cache import ReadCache  # noqa: E402

application = ReadCache(django_application) if settings.READ_CACHE else django_application
