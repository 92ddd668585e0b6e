"""Drives enablebanking-sdk, whose constructor takes the base URL."""

from datetime import datetime
from uuid import uuid4

from enablebanking_sdk.constants import PSUType, TransactionsFetchStrategy
from enablebanking_sdk.exceptions import EnableBankingException
from enablebanking_sdk.service import EnableBankingIntegration, EnableBankingService

from walk import BANK, COUNTRY, Walk, current_account, days_ago

walk = Walk("enablebanking-sdk")
service = EnableBankingService(EnableBankingIntegration(walk.url, walk.application_id, walk.key))

with walk.step("list banks", vital=True):
    bank = next(bank for bank in service.get_aspsps(COUNTRY, PSUType.PERSONAL) if bank.name == BANK)

# Its `valid_until` is now plus the bank's `maximum_consent_validity`, to the microsecond.
with walk.step("start authorization", vital=True):
    state = uuid4().hex
    started = service.start_user_session(bank, state, walk.redirect_url, "en", PSUType.PERSONAL)

with walk.step("create session", vital=True):
    session = service.authorize_user_session(walk.approve(started.url, state))
    account = current_account([account.model_dump() for account in session.accounts])

with walk.step("account details"):
    assert service.get_account_details(account).uid == account

with walk.step("balances"):
    balances = service.get_account_balances(account).balances
    ours = walk.request("GET", f"/accounts/{account}/balances")["balances"]
    assert [balance.balance_type for balance in balances] == [balance["balance_type"] for balance in ours]

with walk.step("transactions"):
    transactions = service.get_account_transactions(account)
    walk.check_all_pages(account, [transaction.entry_reference for transaction in transactions])

with walk.step("transactions of 90 days"):
    since = datetime.combine(days_ago(90), datetime.min.time())
    recent = service.get_account_transactions(account, date_from=since, date_to=datetime.now())
    assert recent, "there are none"

with walk.step("transactions, longest strategy"):
    longest = service.get_account_transactions(account, strategy=TransactionsFetchStrategy.LONGEST)
    assert len(longest) >= len(transactions), f"{len(longest)} transactions, {len(transactions)} without it"

with walk.step("PSU headers"):
    headers = {"Psu-Ip-Address": "192.0.2.7", "psu-user-agent": "Mozilla/5.0"}
    assert service.get_account_balances(account, psu_headers=headers).balances

with walk.step("delete session", vital=True):
    service.delete_user_session(session.session_id, psu_headers={})

with walk.step("closed session"):
    try:
        service.get_account_balances(account)
    except EnableBankingException as error:
        assert error.response.json()["error"] == "CLOSED_SESSION", error.response.text
    else:
        raise AssertionError("it was not refused")

walk.end()
