"""What curators, admins and members see around replies, as plain data: text, buttons, menus and forms."""
