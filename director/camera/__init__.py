"""Lenses, views, rigs and moves: plain data and mathematics."""
