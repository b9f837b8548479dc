"""What is drawn over the picture, one a file, each defining `OVERLAY`; see director/app/desk/panel.py."""
