"""The parts of the panel of properties: each draws the fields of one side of what is selected."""
