"""The teacher: random sets, random looks, and the renderer whose pictures the embedded generator learns."""
