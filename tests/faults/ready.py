"""What a process has loaded when it is born: Django, set up, and all that it may be asked to do."""

import django

django.setup()

import config.urls  # noqa: E402, F401 - they are imported late, when a letter wants its first link
import tests.faults.work  # noqa: E402, F401
