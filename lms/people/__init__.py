"""People: accounts, how they sign in, the posts and roles they hold."""
