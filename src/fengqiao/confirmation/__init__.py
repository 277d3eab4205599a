"""Judicial confirmation (司法确认), enforcement, and the court's way where mediation failed."""
