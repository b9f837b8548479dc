"""Generators on other machines, by Ray: `director render --ray ADDRESS` and `--generator ray://HOST:PORT/NAME`.

What is sent to a worker are conditionings, not ticks. A worker then needs the generator and nothing else: no
OpenGL, which machines with a GPU in a rack often lack; no scene, pictures and take that would have to lie
there too; and no renderer that draws an edge otherwise than the one here, so that the same generator gives
the same bytes wherever it runs. The price: all passes are drawn on this machine, and 1 to 7 MB travel for
each picture of 512 × 288. Of more workers than a picture's generating takes times as long as its passes,
some have nothing to do. Where generating is slow enough to want many machines, that is many.

Ray is imported only by what connects (`cluster`, `probe`), never by importing this package.

    address    what is typed: HOST:PORT, ray://HOST:PORT/NAME
    access     the token and the certificates that this machine has for a cluster
    probe      whether a cluster answers at an address, and lets this machine in
    cluster    a connection, and the places that it has for generators
    drawer     what runs in a worker
    pool       several workers draw for offline work
    generator  one of them behind `Generator`, for the viewport's own process
"""

__all__: list[str] = []
