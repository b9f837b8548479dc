"""The network that draws finished things where the scene holds rough proxies, and what it reads and says."""
