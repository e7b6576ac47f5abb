"""How allauth behaves on this site."""

from typing import Any
from urllib.parse import urlencode

from allauth.account.adapter import DefaultAccountAdapter
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from accounts.forms import made_up_username
from core.extensions.acceptance import Person, acceptance_gate


class AccountAdapter(DefaultAccountAdapter):
    """Names accounts at random and keeps the chosen public name."""

    def populate_username(self, request: HttpRequest, user: Any) -> None:
        user.username = user.username or made_up_username()

    def save_user(self, request: HttpRequest, user: Any, form: Any, commit: bool = True) -> Any:
        user.display_name = form.cleaned_data.get("display_name", "")
        return super().save_user(request, user, form, commit)

    def post_login(self, request: HttpRequest, user: Any, **told: Any) -> HttpResponse:
        """Lead whoever signs in past what waits for their answer; they may go on without one."""
        response: HttpResponse = super().post_login(request, user, **told)
        if told["signup"] or not isinstance(response, HttpResponseRedirect):
            return response
        if not acceptance_gate.get().waiting(Person.of(user), locale=get_language() or "en"):
            return response
        query = urlencode({"next": response.url})
        return HttpResponseRedirect(f"{reverse('pages:agreements')}?{query}")
