"""What must outlive a restart, and what several processes share: a database."""
