"""An officer sees the address of a request in clear: deliberately, and on record."""

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST

from core.extensions.masking import masking
from privacy.desk import require_permission
from privacy.models import DataRequest


@require_POST
@never_cache
def unmask(request: HttpRequest, pk: int) -> HttpResponse:
    """Show a request's address, this once."""
    require_permission(request, "view")
    found = get_object_or_404(DataRequest.objects.exclude(confirmed_at=None), pk=pk)
    try:
        masking.get().unmask(request.user, found._meta.label_lower, [found.pk])
    except PermissionError:
        raise PermissionDenied from None
    return render(request, "privacy/admin/address.html", {"data_request": found})


urlpatterns = [path("<int:pk>/address/", unmask, name="unmask")]
