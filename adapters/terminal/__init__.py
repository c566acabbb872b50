"""The terminal: conversation, batch interface and the curator's and operator's tools."""
