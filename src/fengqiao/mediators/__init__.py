"""The people who mediate: what each can be asked about, and who fits a matter, said with its reasons."""
