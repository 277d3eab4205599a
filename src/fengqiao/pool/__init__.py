"""Whom a centre can call on beside its own mediators: brand rooms, and who can be asked (人才库)."""
