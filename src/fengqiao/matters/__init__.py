"""The matter, its parties, its six steps, its history, the ledger query."""
