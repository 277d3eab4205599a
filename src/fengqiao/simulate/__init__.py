"""A county that lives: officers, departments and citizens played through the real domain functions."""
