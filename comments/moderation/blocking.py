"""Spam and block: what would be blocked, what it would have hit, and doing it."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _

from comments import services
from comments.errors import ModerationError
from comments.models import Status, VisitorComment
from comments.moderation.access import comment_or_404, moderators_only
from comments.moderation.acting import answered, told, way_back
from comments.moderation.rows import rows_of
from comments.scopes import scope_of
from comments.screening.keys import key_list
from comments.services.blocking import candidates
from core.extensions.masking import masking

# The site's newest published comments, against which a line is tried before it is added.
TRIED = 1000


@moderators_only
def block(request: HttpRequest, key: int) -> HttpResponse:
    """Show what could be blocked of a comment; posted, mark it as spam and block what is ticked."""
    comment = comment_or_404(request, key)
    if request.method == "POST":
        shown = {masking.get().anything(each): each for each in candidates(comment)}
        keys = [shown.get(each, each) for each in request.POST.getlist("key")]
        try:
            decided = services.spam_and_block(
                key, keys, by=request.user, seen=request.POST.get("seen", "")
            )
        except ModerationError as error:
            return told(request, str(error))
        return answered(request, decided)
    if not scope_of(request.user).is_whole_site:
        messages.error(request, _("Blocking holds on the whole site, and you moderate a part."))
        return redirect(way_back(request))
    context = {
        "row": rows_of([comment])[0],
        "comment": comment,
        "candidates": [(masking.get().anything(each), hits(each)) for each in candidates(comment)],
        "tried": TRIED,
        "back": way_back(request),
    }
    return render(request, "comments/admin/block.html", context)


def hits(key: str) -> int:
    """Return how many of the newest published comments a line would have put into the trash."""
    rows = VisitorComment.objects.filter(status=Status.APPROVED).order_by("-pk")
    columns = ("user_name", "user_email", "user_url", "comment", "ip_address", "user_agent")
    keys = key_list(key, anywhere=False)
    return sum(
        bool(keys.first_in("\n".join(value or "" for value in row).casefold()))
        for row in rows.values_list(*columns)[:TRIED]
    )
