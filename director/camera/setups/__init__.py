"""Camera setups: a shot in words (size, angle, side, lens) becomes a camera that frames it exactly.

`body` and `sizes` hold what is framed and how; `fit` the closed form; `figures`, `over_shoulder` and `things`
the kinds of shot; `solve` puts them together and keeps clear of obstacles; `phrase` reads a director's words;
`suggest` covers a scene.
"""
