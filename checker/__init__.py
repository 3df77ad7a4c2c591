"""Return policies as data: decided, tested and proved."""

__version__ = "0.1.0"
