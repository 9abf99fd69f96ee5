"""Contenders, each in a process of its own that stays alive, and how they take turns."""
