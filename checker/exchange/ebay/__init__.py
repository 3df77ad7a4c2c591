"""eBay's return policies: what sellers set, and what a marketplace's categories allow.

Those of sellers are the Account API's (`return_policy`, v1.9.0), those of categories the Metadata
API's (`getReturnPolicies`, v1.7.1), by eBay's OpenAPI documents and its pages of enumerations.
"""

from checker.exchange.ebay.reader import read

__all__ = ["read"]
