"""Clients of the API, each with an application password."""

import base64

import pytest
from django.test import Client

from accounts.services import create_application_password


@pytest.fixture
def client_of():
    def make(user):
        password = create_application_password(user, "test")[1]
        token = base64.b64encode(f"{user.username}:{password}".encode()).decode()
        return Client(headers={"Authorization": f"Basic {token}"})

    return make


@pytest.fixture
def as_editor(client_of, editor):
    return client_of(editor)


@pytest.fixture
def as_administrator(client_of, administrator):
    return client_of(administrator)
