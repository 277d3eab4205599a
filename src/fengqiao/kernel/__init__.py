"""Time, codes, errors, events and cryptography. Knows no model and no other room."""
