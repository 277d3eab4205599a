"""What is held against a body's handling of a matter, and the reviews of how matters were handled; never a person."""
