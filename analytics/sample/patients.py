"""What patients pay of the share that payers left to them, and what goes back to them."""

from datetime import date, timedelta

from analytics.sample.events import Claim, PatientPayment
from analytics.sample.reading import is_answer


def pay_share(claim: Claim, end: date) -> None:
    """Posts the patient's payments on a claim to a first payer, where there is no second one.

    Of five patients one does not pay and one pays half; of every 31 one is paid a tenth back.
    """
    standing = [one for one in claim.answers if is_answer(one) and one.taken_back_on is None]
    share = sum(one.patient for one in standing)
    if not claim.submissions or claim.sequence != "P" or claim.member.second_payer or share <= 0:
        return
    last = max(one.day for one in standing)
    paid = (share, share, share, share // 2, 0)[claim.number % 5]
    day = last + timedelta(days=14 + claim.number % 40)
    back = paid // 10 if claim.number % 31 == 0 else 0
    control = claim.submissions[-1].control
    for when, amount in ((day, paid), (day + timedelta(days=30), -back)):
        if amount and when <= end:
            claim.patient_payments.append(PatientPayment(when, control, amount))
