"""Fengqiao (枫桥): one door, one file, one clock for the centres where people bring their quarrels."""

__version__ = "0.1.0"
