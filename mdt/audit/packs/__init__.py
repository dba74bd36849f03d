"""Audit packs: decisions as files that somebody outside can check without this software (docs/audit-pack.md)."""
