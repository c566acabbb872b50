"""Herald on Slack."""
