"""Reads eBay's return policies: what sellers set, and what a marketplace's categories allow.

Sellers' policies are those of the Account API (`return_policy`, v1.9.0), the limits of categories
those of the Metadata API (`getReturnPolicies`, v1.7.1). Sources: eBay's OpenAPI documents and its
pages of enumerations.
"""

from checker.exchange.ebay.reader import read

__all__ = ["read"]
