"""All phrases of pages, in English and Chinese; `{name}` stands for a text."""

from checker.explain.phrases import common, decisions, other_documents, policies

PHRASES = {
    **common.PHRASES,
    **policies.PHRASES,
    **other_documents.PHRASES,
    **decisions.PHRASES,
}
