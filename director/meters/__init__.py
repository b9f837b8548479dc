"""How steady, sharp and faithful a picture is, by what the scene is known to be: numpy, no network."""
