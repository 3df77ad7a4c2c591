"""Reads and writes online return policies of the Google Merchant API.

The fields and values are those of `google.shopping.merchant.accounts.v1.OnlineReturnPolicy`
(the package google-shopping-merchant-accounts 1.7.0) and of the older Content API's
`ReturnPolicyOnline` (v2.1, by its discovery document). The Merchant API has one fee for all
returns, the Content API has one for each reason.
"""

from checker.exchange.google.reader import read
from checker.exchange.google.writer import write

__all__ = ["read", "write"]
