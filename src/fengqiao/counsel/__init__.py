"""Who helps with advice and hands: joint legal consultations, three-person groups, task forces, advisers."""
