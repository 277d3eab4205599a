"""The API (`/api/v1`): the same flows and the same sight as the desk, for programs."""
