#!/bin/sh
# Run once by the PostgreSQL image, when its data folder is empty. Two roles, neither of them a superuser: the owner
# makes and changes tables (manage.py prepare), the product reads and writes rows.
set -eu
psql --username="$POSTGRES_USER" --set=ON_ERROR_STOP=1 --quiet --no-psqlrc \
  --set=owner_password="$OWNER_PASSWORD" --set=password="$DATABASE_PASSWORD" <<'SQL'
CREATE ROLE throughline_owner LOGIN PASSWORD :'owner_password';
CREATE ROLE throughline LOGIN PASSWORD :'password';
CREATE DATABASE throughline OWNER throughline_owner;
REVOKE CONNECT, TEMPORARY ON DATABASE throughline FROM PUBLIC;
GRANT CONNECT ON DATABASE throughline TO throughline;
\connect throughline
REVOKE CREATE ON SCHEMA public FROM PUBLIC;
GRANT ALL ON SCHEMA public TO throughline_owner;
ALTER DEFAULT PRIVILEGES FOR ROLE throughline_owner IN SCHEMA public
  GRANT SELECT, INSERT, UPDATE, DELETE ON TABLES TO throughline;
ALTER DEFAULT PRIVILEGES FOR ROLE throughline_owner IN SCHEMA public GRANT USAGE, SELECT ON SEQUENCES TO throughline;
SQL
