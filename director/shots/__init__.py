"""What a shot of a scene is at a time: camera, direction, and where its keyed objects stand."""
