"""Divisions, grids, centres, departments, posts and who is stationed there."""
