"""How allauth behaves on this site."""

from types import SimpleNamespace
from typing import Any
from urllib.parse import urlencode, urlsplit

from allauth.account.adapter import DefaultAccountAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils.translation import get_language

from accounts.forms import made_up_username
from core.extensions.acceptance import Person, acceptance_gate
from core.extensions.site import site_provider


class AccountAdapter(DefaultAccountAdapter):
    """Names accounts at random, keeps the chosen public name, and writes mails as this site."""

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

    def send_mail(self, template_prefix: str, email: str, context: dict[str, Any]) -> None:
        """Send a mail that names this site and whose links lead to it.

        allauth takes the name from a table that nobody fills, and the links from the Host header,
        which whoever asks may choose.
        """
        host = urlsplit(settings.SITE_URL).netloc
        links = {
            name: f"{settings.SITE_URL}{urlsplit(value)._replace(scheme='', netloc='').geturl()}"
            for name, value in context.items()
            if name.endswith("_url")
        }
        own = {"current_site": SimpleNamespace(name=site_name(), domain=host)}
        super().send_mail(template_prefix, email, {**context, **links, **own})

    def format_email_subject(self, subject: str) -> str:
        return f"[{site_name()}] {subject}"


def site_name() -> str:
    return str(site_provider.get().frame(get_language() or settings.LANGUAGE_CODE)["site"]["name"])
