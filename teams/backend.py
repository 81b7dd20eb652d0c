from allauth.account.auth_backends import AuthenticationBackend

from teams.models import User
from teams.prepared import prepared


class Backend(AuthenticationBackend):
    """Signs people in as allauth does. Who they are is what each page asks first, so it is asked prepared."""

    def get_user(self, user_id):
        for user in _user(user_id):
            return user if self.user_can_authenticate(user) else None
        return None


@prepared
def _user(pk: int):
    return User.objects.filter(pk=pk)
