"""What the palette offers: a source of commands a file, each defining `SOURCE`; see app/desk/command.py."""
