"""Supervision of departments: the ladder from a letter to the hand-over, proposed with facts and decided on."""
