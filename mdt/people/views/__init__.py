"""Pages of people: sign-in, one's own account, teams."""
