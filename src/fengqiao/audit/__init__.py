"""The append-only, hash-chained record of writes, refusals, sign-ins, unmaskings and exports."""
