"""A folder that shows takes in any browser, from disk and with nothing loaded from elsewhere, and the notes
that come back from it."""

from director.take.review.importing import Imported, import_notes
from director.take.review.make import Review, ReviewOptions, make_review

__all__ = ["Imported", "Review", "ReviewOptions", "import_notes", "make_review"]
