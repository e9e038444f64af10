"""Places of the screen, one a file."""
