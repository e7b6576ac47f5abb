"""Addresses of the moderators' screens, below the admin's."""

from django.urls import path

from comments.moderation import acting, blocking, decisions, queue, single, watching, writing

urlpatterns = [
    path("", queue.show, name="queue"),
    path("search/", queue.search, name="search"),
    path("act/", acting.act, name="moderate"),
    path("undo/<uuid:batch>/", acting.undo, name="undo"),
    path("decisions/", decisions.show, name="decisions"),
    path("watched/", watching.show, name="watched"),
    path("<int:key>/", single.show, name="single"),
    path("<int:key>/thread/", single.thread, name="thread"),
    path("<int:key>/edit/", writing.edit, name="edit"),
    path("<int:key>/reply/", writing.reply, name="reply"),
    path("<int:key>/block/", blocking.block, name="block"),
]
