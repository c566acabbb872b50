"""Herald on Discord."""
