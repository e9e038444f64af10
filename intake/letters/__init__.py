"""Letters that leave: their bytes, and what becomes of them after a try."""
