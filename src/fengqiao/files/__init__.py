"""Attachments: sniffed, encrypted, stored by a digest of their content keyed per county."""
