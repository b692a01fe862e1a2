"""Users: their file, their sessions, the login page, and who sent a request."""
