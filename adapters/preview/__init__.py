"""``herald preview``: replies as members will see them, drawn from what the adapters would send."""
