"""Users, disciplines, teams, sign-in; and in permissions.py every access decision of the whole system."""
