"""What those who lead take in hand: key matters with a leader in charge, written instructions, recommendations."""
