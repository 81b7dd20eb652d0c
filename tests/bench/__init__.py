"""What a page costs, beside the least that Django and PostgreSQL could do for it on the same machine."""
