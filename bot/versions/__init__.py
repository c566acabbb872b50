"""What is in service: knowledge bases with what was taught on top, kept in the store version by version."""
