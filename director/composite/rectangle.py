"""Where a picture lies in a window: whole, unstretched, in the middle."""

from dataclasses import dataclass

__all__ = ["Rectangle", "fitted"]


@dataclass(frozen=True, slots=True)
class Rectangle:
    """In pixels of a window, from its top left corner."""

    left: float
    top: float
    width: float
    height: float

    def holds(self, x: float, y: float) -> bool:
        """Whether the point lies inside."""
        return self.left <= x < self.left + self.width and self.top <= y < self.top + self.height

    def scaled(self, by: float) -> "Rectangle":
        """Everything times a number: points as pixels."""
        return Rectangle(self.left * by, self.top * by, self.width * by, self.height * by)

    def corners(self, width: int, height: int) -> tuple[tuple[float, float], tuple[float, float]]:
        """Top left and bottom right in OpenGL's clip coordinates of a window of this size."""
        return (
            (2 * self.left / width - 1, 1 - 2 * self.top / height),
            (2 * (self.left + self.width) / width - 1, 1 - 2 * (self.top + self.height) / height),
        )


def fitted(space: Rectangle, aspect: float) -> Rectangle:
    """The largest rectangle of this aspect (width / height) in the middle of the space, on whole pixels."""
    width = min(space.width, space.height * aspect)
    height = width / aspect
    width, height = max(1.0, float(round(width))), max(1.0, float(round(height)))
    return Rectangle(
        space.left + float((space.width - width) // 2),
        space.top + float((space.height - height) // 2),
        width,
        height,
    )
