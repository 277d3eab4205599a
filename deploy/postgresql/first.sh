#!/bin/sh
# Run once by the database's container: the owner's role (no superuser) and the database.
set -eu
export PGPASSWORD="$POSTGRES_PASSWORD"
psql -v ON_ERROR_STOP=1 -v password="$OWNER_PASSWORD" -U "${POSTGRES_USER:-postgres}" <<'SQL'
CREATE ROLE fengqiao_owner LOGIN CREATEROLE NOSUPERUSER NOBYPASSRLS PASSWORD :'password';
CREATE DATABASE fengqiao OWNER fengqiao_owner ENCODING UTF8 LC_COLLATE 'C.UTF-8' LC_CTYPE 'C.UTF-8' TEMPLATE template0;
REVOKE ALL ON DATABASE fengqiao FROM PUBLIC;
SQL
