"""The panels of the desk, one a file, each defining `PANEL`; see director/app/desk/panel.py."""
