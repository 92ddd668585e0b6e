"""Drives the client of pretix-enablebanking, without pretix and Django.

The base URL is a class attribute, which this driver replaces. Of Django the client needs one exception.
"""

import sys
import types

import requests

exceptions = types.ModuleType("django.core.exceptions")
exceptions.ImproperlyConfigured = type("ImproperlyConfigured", (Exception,), {})
# Not packages: what else of Django the plugin tries to import is missing, and it goes on without.
sys.modules |= {"django": types.ModuleType("django"), "django.core": types.ModuleType("django.core")}
sys.modules["django.core.exceptions"] = exceptions

from pretix_enablebanking.enablebanking_client import EnableBankingClient

from walk import BANK, COUNTRY, Walk, current_account, days_ago

walk = Walk("pretix-enablebanking")
EnableBankingClient.BASE_URL = walk.url
client = EnableBankingClient(walk.application_id, walk.key)

with walk.step("list banks", vital=True):
    assert BANK in [bank["name"] for bank in client.list_aspsps()]
    bank = next(bank for bank in client.list_aspsps(COUNTRY) if bank["name"] == BANK)

# Its `valid_until` is now plus the bank's `maximum_consent_validity`, to the second.
with walk.step("start authorization", vital=True):
    started = client.create_auth(BANK, COUNTRY, walk.redirect_url, bank["maximum_consent_validity"])

with walk.step("create session", vital=True):
    session = client.create_session(walk.approve(started["url"]))
    account = current_account(session["accounts"])

with walk.step("transactions"):
    transactions = client.get_transactions(account)["booked"]
    walk.check_all_pages(account, [transaction["entry_reference"] for transaction in transactions])

with walk.step("transactions of 30 days"):
    assert client.get_transactions(account, days_ago(30))["booked"], "there are none"

with walk.step("closed session"):
    walk.close(session["session_id"])
    try:
        client.get_transactions(account)
    except requests.HTTPError as error:
        assert error.response.json()["error"] == "CLOSED_SESSION", error.response.text
    else:
        raise AssertionError("it was not refused")

walk.end()
