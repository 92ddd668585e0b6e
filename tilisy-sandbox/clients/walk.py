"""The steps that every client takes through the API, and the lines that report them.

A driver imports a client from PyPI, points it at the sandbox and calls it within `step`s. Requests that the client has
no method for, and those that its results are compared with, are made here.
"""

import contextlib
import http.client
import importlib.metadata
import json
import signal
import sys
import time
from datetime import date, timedelta
from urllib.parse import parse_qsl, urlencode, urlsplit

import jwt

COUNTRY = "FI"
BANK = "Saimaan Pankki"
# The transactions of a full page.
PAGE = 100
# The seconds that a driver may take. Most clients follow a continuation key that repeats itself for ever.
LIMIT = 300


class Refused(Exception):
    """An error response to a request of our own."""

    def __init__(self, status, body):
        super().__init__(f"{status} {body.decode()}")


class Walk:
    """One client's way through the API of a sandbox.

    The first argument of the command line is a file with the line that `tilisy-sandbox --json --auto-approve` printed.
    """

    def __init__(self, distribution):
        signal.alarm(LIMIT)
        with open(sys.argv[1], encoding="utf-8") as file:
            started = json.load(file)
        self.name = f"{distribution} {importlib.metadata.version(distribution)}"
        self.url, self.application_id, self.key_file = started["url"], started["application_id"], started["key_file"]
        with open(self.key_file, encoding="utf-8") as file:
            self.key = file.read()
        self.has_failed = False
        self.redirect_url = self.request("GET", "/application")["redirect_urls"][0]

    @contextlib.contextmanager
    def step(self, name, vital=False):
        """Runs the block and prints a line about it. A vital step that fails ends the driver."""
        try:
            yield
        except Exception as error:  # noqa: BLE001 - a client raises whatever its libraries raise
            print(f"failed  {self.name}  {name}: {type(error).__name__}: {' '.join(str(error).split())[:300]}")
            self.has_failed = True
            if vital:
                self.end()
        else:
            print(f"ok  {self.name}  {name}")

    def end(self):
        """Ends the driver: exit code 1 if a step failed."""
        sys.exit(1 if self.has_failed else 0)

    def approve(self, link, state=None):
        """Opens the link of an authorization as a PSU does, and returns the code that comes back."""
        place = urlsplit(link)
        response = _fetch(place, "GET", f"{place.path}?{place.query}")
        assert 300 <= response.status < 400, f"{link} answered {response.status}"
        back = urlsplit(response.headers["Location"])
        query = dict(parse_qsl(back.query))
        assert back._replace(query="").geturl() == self.redirect_url, f"redirected to {back.geturl()}"
        assert state in (None, query["state"]), f"state {query['state']} came back instead of {state}"
        return query["code"]

    def request(self, method, path, **parameters):
        """Makes a request of our own and returns the JSON of the response."""
        now = int(time.time())
        claims = {"iss": "enablebanking.com", "aud": "api.enablebanking.com", "iat": now, "exp": now + 300}
        token = jwt.encode(claims, self.key, algorithm="RS256", headers={"kid": self.application_id})
        query = f"?{urlencode(parameters)}" if parameters else ""
        response = _fetch(urlsplit(self.url), method, path + query, {"Authorization": f"Bearer {token}"})
        if response.status != 200:
            raise Refused(response.status, response.body)
        return json.loads(response.body)

    def transactions(self, account, **parameters):
        """Fetches all pages of an account's transactions."""
        transactions = []
        while True:
            page = self.request("GET", f"/accounts/{account}/transactions", **parameters)
            transactions += page["transactions"]
            key = page.get("continuation_key")
            if not key:
                return transactions
            assert key != parameters.get("continuation_key"), "the continuation key repeats itself"
            parameters["continuation_key"] = key

    def check_all_pages(self, account, references, **parameters):
        """Compares the entry references of a client's transactions with those of all pages."""
        ours = [transaction["entry_reference"] for transaction in self.transactions(account, **parameters)]
        missing = len(set(ours) - set(references))
        assert references == ours, f"{len(references)} transactions, {missing} of {len(ours)} are missing"
        assert len(ours) > PAGE, f"{len(ours)} transactions fit on one page"

    def close(self, session):
        """Closes a session for clients that have no method for it."""
        self.request("DELETE", f"/sessions/{session}")


def days_ago(days):
    """The date from which clients ask for transactions, as they compute it."""
    return date.today() - timedelta(days=days)


def current_account(accounts):
    """The id of the first current account of a session. It has several pages of transactions."""
    return next(account["uid"] for account in accounts if account["cash_account_type"] == "CACC")


def _fetch(place, method, path, headers=None):
    connection = http.client.HTTPConnection(place.hostname, place.port, timeout=30)
    connection.request(method, path, headers=headers or {})
    response = connection.getresponse()
    response.body = response.read()
    connection.close()
    return response
