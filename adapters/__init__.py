"""Platform event to Herald to Reply to platform message; nothing else."""
