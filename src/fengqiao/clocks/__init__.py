"""Limits, pauses, extensions, lights: what must be done until when, and why just then."""
