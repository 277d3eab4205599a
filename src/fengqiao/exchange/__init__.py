"""In and out: import today; sister systems and export with their issues."""
