"""Drives the API interface of the Odoo addon account_statement_import_online_enable_banking, without Odoo.

The base URL is a module constant, which this driver replaces. Of Odoo the interface needs a base class, an exception
and the function for translations.
"""

import importlib.metadata
import importlib.util
import sys
import types
from datetime import datetime, timedelta
from uuid import uuid4

from walk import BANK, COUNTRY, Walk, current_account, days_ago

DISTRIBUTION = "odoo-addon-account-statement-import-online-enable-banking"


def load_interface():
    """Imports one module of the addon: the package itself imports Odoo's web server and models."""
    odoo = types.ModuleType("odoo")
    odoo._ = lambda text: text
    odoo.models = types.SimpleNamespace(AbstractModel=object)
    exceptions = types.ModuleType("odoo.exceptions")
    exceptions.UserError = type("UserError", (Exception,), {})
    sys.modules |= {"odoo": odoo, "odoo.exceptions": exceptions}
    files = importlib.metadata.files(DISTRIBUTION)
    place = next(file for file in files if file.match("models/enable_banking_interface.py")).locate()
    spec = importlib.util.spec_from_file_location("enable_banking_interface", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


module = load_interface()
walk = Walk(DISTRIBUTION)
module.ENABLE_BANKING_ENDPOINT = walk.url
interface = module.EnableBankingInterface()
credentials = (walk.application_id, walk.key)

with walk.step("list banks", vital=True):
    bank = next(bank for bank in interface.get_aspsps(*credentials, COUNTRY) if bank["name"] == BANK)

# The margin is that of the addon's model, which needs Odoo.
with walk.step("start authorization", vital=True):
    state = str(uuid4())
    period = timedelta(seconds=bank["maximum_consent_validity"])
    valid_until = datetime.utcnow() + period - min(timedelta(days=1), period / 2)
    started = interface.start_auth(*credentials, BANK, COUNTRY, valid_until, walk.redirect_url, state, "personal")

with walk.step("create session", vital=True):
    code = walk.approve(started["url"], state)
    session = interface.create_session(*credentials, code, psu_ip="192.0.2.7", psu_user_agent="Mozilla/5.0")
    account = current_account(session["accounts"])

with walk.step("balances"):
    balances = interface.get_balances(*credentials, account)
    assert balances == walk.request("GET", f"/accounts/{account}/balances")["balances"]

with walk.step("transactions"):
    transactions = interface.get_transactions(*credentials, account)
    walk.check_all_pages(account, [transaction["entry_reference"] for transaction in transactions])

with walk.step("transactions of 30 days"):
    assert interface.get_transactions(*credentials, account, days_ago(30), days_ago(0)), "there are none"

with walk.step("booked transactions, longest strategy"):
    booked = interface.get_transactions(*credentials, account, strategy="longest", transaction_status="BOOK")
    assert booked and {transaction["status"] for transaction in booked} == {"BOOK"}

with walk.step("closed session"):
    walk.close(session["session_id"])
    try:
        interface.get_balances(*credentials, account)
    except module.EnableBankingSessionError:
        pass
    else:
        raise AssertionError("it was not refused")

walk.end()
