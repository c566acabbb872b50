"""Herald as a process of its own, over the wire, against a loopback Slack."""
