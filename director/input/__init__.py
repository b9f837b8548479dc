"""Hands to intent: one table of actions, keyboard and mouse, and the pad."""
