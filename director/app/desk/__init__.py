"""The director's desk: what is edited and chosen in the window, and how panels lie around the picture."""
