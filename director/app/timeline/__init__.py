"""What the timeline panel is drawn of: its head, ruler, rows of keys, curve view and sound."""
