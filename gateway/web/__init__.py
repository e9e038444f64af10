"""The web door's rooms: the feedback form, the licensee's pages, the API, health and metrics."""
