"""Mediation: who consented, who mediates, what came of it."""
