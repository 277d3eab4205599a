"""People who sign in, their roles, the scope of a transaction, the second factor."""
