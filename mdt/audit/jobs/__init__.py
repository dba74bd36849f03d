"""Orders to the worker for which somebody waits: replays, audit packs, annual reports."""
