"""What return policies of other formats can state; `exchange` documents speak of it, too."""

from checker.language.notions import NOTIONS, Form

__all__ = ["NOTIONS", "Form"]
