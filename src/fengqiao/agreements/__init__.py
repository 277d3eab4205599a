"""What parties agree in mediation: its terms, its signatures, when it takes effect, and whether it is performed."""
