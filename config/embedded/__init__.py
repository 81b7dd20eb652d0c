"""PostgreSQL and Valkey from Python packages, so that a clone needs no server. Way in: `services`."""
