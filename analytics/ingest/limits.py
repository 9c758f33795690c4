"""How large an amount may be, so that sums of amounts always fit and one slip keeps out one record.

The 5010 guides hold a monetary amount (element 782) to ten digits, cents included (appendix
B.1.1.3.1.2).  A payment and what a payer takes from it are sums of many claims, and some payers go
beyond: they may have two digits more.  Facts have room for a hundred million amounts of a claim.
"""

from decimal import Decimal

MOST = Decimal("99999999.99")
MOST_CENTS = 9_999_999_999
MOST_CENTS_OF_PAYMENTS = 100 * MOST_CENTS + 99
