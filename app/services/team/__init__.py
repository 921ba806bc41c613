"""Projects on a server: the roles of its logins, where its clips lie, and the way there from a file."""
