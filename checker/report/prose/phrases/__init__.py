"""All that pages of prose say, in English and Chinese; `{name}` stands for a line."""

from checker.report.prose.phrases import decisions, every_page, others, policies

PHRASES = {
    **every_page.PHRASES,
    **policies.PHRASES,
    **others.PHRASES,
    **decisions.PHRASES,
}
