"""Drives the API service of leggen, whose configuration file has the base URL."""

import asyncio
import os
import tempfile

import httpx
from loguru import logger

from walk import BANK, COUNTRY, Walk, current_account, days_ago

walk = Walk("leggen")
# It logs the body of every response.
logger.remove()

with tempfile.NamedTemporaryFile("w", suffix=".toml") as configuration:
    configuration.write(
        f'[enablebanking]\napplication_id = "{walk.application_id}"\nkey_path = "{walk.key_file}"\nurl = "{walk.url}"\n'
    )
    configuration.flush()
    os.environ["LEGGEN_CONFIG_FILE"] = configuration.name
    from leggen.services.enablebanking_service import EnableBankingService
    from leggen.utils.config import config

    config.load_config()

service = EnableBankingService()
loop = asyncio.new_event_loop()
run = loop.run_until_complete

with walk.step("list banks", vital=True):
    bank = next(bank for bank in run(service.get_aspsps(COUNTRY)) if bank["name"] == BANK)
    assert "logo" in bank

# Its `valid_until` is now plus the bank's `maximum_consent_validity`, to the second.
with walk.step("start authorization", vital=True):
    validity = bank["maximum_consent_validity"]
    started = run(service.start_auth(BANK, COUNTRY, walk.redirect_url, maximum_consent_validity=validity))

with walk.step("create session", vital=True):
    session = run(service.create_session(walk.approve(started["url"])))
    account = current_account(session["accounts"])
    assert session["access"]["valid_until"] and session["aspsp"]["name"] == BANK

with walk.step("account details"):
    assert run(service.get_account_details(account))["identification_hash"]

with walk.step("balances"):
    assert run(service.get_account_balances(account)) == walk.request("GET", f"/accounts/{account}/balances")

with walk.step("transactions"):
    transactions = run(service.get_account_transactions(account))["transactions"]
    walk.check_all_pages(account, [transaction["entry_reference"] for transaction in transactions])

with walk.step("transactions of 30 days"):
    assert run(service.get_account_transactions(account, days_ago(30).isoformat()))["transactions"], "there are none"

with walk.step("closed session"):
    walk.close(session["session_id"])
    try:
        run(service.get_account_balances(account))
    except httpx.HTTPStatusError as error:
        assert error.response.json()["error"] == "CLOSED_SESSION", error.response.text
    else:
        raise AssertionError("it was not refused")

run(service.aclose())
walk.end()
