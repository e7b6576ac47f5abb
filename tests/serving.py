"""The site as a WSGI application that is called inside a test."""

from django.core.signals import request_finished, request_started
from django.core.wsgi import get_wsgi_application
from django.db import close_old_connections

APPLICATION = get_wsgi_application()


def application(environ, start_response):
    """Answer as the site does; a connection that the request ends with would end the test's."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    return APPLICATION(environ, start_response)
