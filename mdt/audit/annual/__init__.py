"""The annual report on paper: all tables and pictures of a team's audit over a period, made by the worker."""
