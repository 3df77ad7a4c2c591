"""Google Merchant API: online return policies, read and written.

The fields and values are those of `google.shopping.merchant.accounts.v1.OnlineReturnPolicy`
(the package google-shopping-merchant-accounts 1.7.0) and of the older Content API's
`ReturnPolicyOnline` (v2.1, by its discovery document). The first has one fee for all returns, the
second one for each reason.
"""

from checker.exchange.google.reader import read
from checker.exchange.google.writer import write

__all__ = ["read", "write"]
