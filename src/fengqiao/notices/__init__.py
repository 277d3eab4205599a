"""Notices: what somebody in a post is told of, in the house and outside it; never with personal data."""
