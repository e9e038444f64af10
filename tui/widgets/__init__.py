"""Pieces of places."""
