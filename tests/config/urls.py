"""Pages that misbehave on purpose, beside those of the product."""

from django.contrib.auth import logout
from django.core.exceptions import BadRequest, PermissionDenied, RequestDataTooBig
from django.db import OperationalError, connection
from django.http import HttpResponse
from django.urls import path

from config.urls import *  # noqa: F403
from config.urls import urlpatterns


def raises(problem):
    def view(request):
        raise problem

    view.login_required = False
    return view


def leave(request):
    logout(request)
    return HttpResponse("Signed out")


def asks_too_long(request):
    with connection.cursor() as cursor:
        cursor.execute("SET LOCAL statement_timeout = 1")
        cursor.execute("SELECT pg_sleep(1)")


urlpatterns = [
    path("broken/", raises(RuntimeError("HOU-1 SECRET"))),
    path("away/", raises(OperationalError("HOU-1 SECRET"))),
    path("slow/", asks_too_long),
    path("too-big/", raises(RequestDataTooBig("HOU-1 SECRET"))),
    path("odd/", raises(BadRequest("This link is out of date"))),
    path("no/", raises(PermissionDenied("Only whoever raised it may withdraw it"))),
    path("leave/", leave),
    path("come-in/", raises(PermissionDenied("Nobody comes in here")), name="account_login"),
    *urlpatterns,
]
