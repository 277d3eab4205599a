"""What is long: kills under load. `make prove` runs it."""
