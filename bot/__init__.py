"""Herald's core: it knows no chat platform and opens no socket to one."""
