"""Django's PostgreSQL, with a pool that is over a restart of the server at once."""

from django.db.backends.postgresql import base
from psycopg import OperationalError
from psycopg_pool import ConnectionPool


class DatabaseWrapper(base.DatabaseWrapper):
    """Looks at each connection before a request has it, in place of CONN_HEALTH_CHECKS. The pool's own look lets one
    dead connection after the other fail, with a longer pause after each, and a page waits seconds for a server that
    is long back. Where one is dead they were all cut by the same restart: the pool makes new ones of them all."""

    def get_new_connection(self, conn_params):
        connection = super().get_new_connection(conn_params)
        if self.pool and not _answers(connection):
            self.pool.drain()
            self.pool.putconn(connection)
            connection = super().get_new_connection(conn_params)
        return connection

    def begin_anew(self):
        """After a request's connection was cut: of those that wait in the pool some may only be about to be, for a
        server that stops ends one after the other. The next request waits for one that is made now."""
        if self.pool:
            self.pool.drain()
        self.close_if_unusable_or_obsolete()


def _answers(connection):
    try:
        ConnectionPool.check_connection(connection)
    except OperationalError:
        return False
    return True
