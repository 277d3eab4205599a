"""Rules of the trade as data: with a source and the days on which they are in force."""
