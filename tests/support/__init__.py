"""Helpers for tests on real programs and real servers."""
