"""The parts of ``make soak-many``: several processes over one PostgreSQL, which are killed under load."""
