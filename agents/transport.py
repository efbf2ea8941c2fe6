"""The one connection that an agent makes: TLS to its own collector, and answers it can prove.

Trust is the CA certificate of the enrolment file and nothing else: no system store, no switch. An
acknowledgement counts when the server's key signed it for exactly the report that was sent.
"""

from __future__ import annotations

import json
import re
import ssl
import time

from agents.http_exchange import BadAnswer, Exchange
from agents.message_signatures import (
    ACKNOWLEDGEMENT,
    ENROL,
    REPORT,
    SignatureRefused,
    check_digest,
    content_digest,
    sign,
    verify,
)
from agents.problems import AgentProblem, BadInput, system_says
from agents.spool import Request
from agents.words import said

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Any, Mapping

    from agents.http_exchange import Response
    from agents.identity import Identity
    from agents.message_signatures import Profile
    from agents.state import Enrolment

REPORTS = "/api/v1/reports"
SIGHTINGS = "/api/v1/sightings"
OK = 200
ENROLMENTS = "/api/v1/enrol"
SECONDS = 30.0  #: the longest wait for the network, each time
LONGEST_ANSWER = 64 << 10  #: bytes; a genuine one has about 300
LAST_PORT = 65535
_DATE = re.compile(
    r"[A-Z][a-z]{2}, ([0-9]{2}) ([A-Z][a-z]{2}) ([0-9]{4}) ([0-9]{2}:[0-9]{2}:[0-9]{2}) GMT"
)
_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_URL = re.compile(r"https://(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+)(?::([0-9]{1,5}))?/?")


class Unreachable(AgentProblem):
    """No answer came, or not from our collector; what waits is kept."""


class Answer:
    """What the collector said: a status, a closed JSON object, perhaps a time to stay away."""

    def __init__(self, status: int, content: dict[str, Any], retry_after: int) -> None:
        self.status = status
        self.content = content
        self.retry_after = retry_after  #: seconds, 0 where none was asked for

    @property
    def refusal(self) -> tuple[str, str]:
        """(code, message) of a refusal; ("", "") of anything else."""
        refused = self.content.get("refused")
        if not isinstance(refused, dict):
            return ("", "")
        return (str(refused.get("code", "")), str(refused.get("message", ""))[:500])


def address(url: str) -> tuple[str, int]:
    """(host, port) of a collector's address.

    Raises:
        BadInput: it is not of the form https://HOST:PORT.
    """
    match = _URL.fullmatch(url)
    port = int(match[2] or 443) if match else 0
    if match is None or not 0 < port <= LAST_PORT:
        raise BadInput(
            said("%r is no collector's address; it looks like https://10.1.2.3:8443", url)
        )
    return match[1].strip("[]"), port


def tls(ca: str) -> ssl.SSLContext:
    """TLS 1.2 or newer that trusts one CA, ``ca`` in PEM, and checks the server's name.

    Raises:
        BadInput: ``ca`` is no certificate.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    try:
        context.load_verify_locations(cadata=ca)
    except (ssl.SSLError, ValueError):
        raise BadInput(
            said("the enrolment's CA certificate cannot be read; ask for a new file")
        ) from None
    return context


class Connection:
    """One connection to the collector, opened at the first request and kept for the next ones."""

    def __init__(self, enrolment: Enrolment, seconds: float = SECONDS) -> None:
        host, port = address(enrolment.url)
        self._server_key = enrolment.server_key
        self._url = enrolment.url
        self._http = Exchange(host, port, tls(enrolment.ca), seconds)

    def close(self) -> None:
        """Close it; a later request opens it again."""
        self._http.close()

    def report(self, request: Request) -> Answer:
        """Send one report; the answer is an acknowledgement of exactly this report, or a refusal.

        Raises:
            Unreachable: no answer, or one that does not prove to be our collector's.
        """
        answer = self._exchange(request)
        if answer.status == OK:
            check_acknowledged(answer.content.get("acknowledged"), request)
        return answer

    def enrol(self, identity: Identity, wish: dict[str, str]) -> Answer:
        """Ask to be enrolled; the answer is the server's signed word on this key, or a refusal.

        Raises:
            Unreachable: no answer, or one that does not prove to be our collector's.
        """
        body = json.dumps(wish, ensure_ascii=True).encode("ascii")
        headers = {"content-digest": content_digest(body), "content-type": "application/json"}
        values = {"@method": "POST", "@request-target": ENROLMENTS, **headers}
        headers.update(sign(ENROL, values, identity.seed, int(time.time())))
        answer = self._exchange(Request(ENROLMENTS, headers, body))
        if answer.status == OK and answer.content.get("agent") != identity.agent:
            raise Unreachable(said("the collector answered for another agent"))
        return answer

    def _exchange(self, request: Request) -> Answer:
        """One request, one answer; a connection that ended meanwhile is opened anew, once."""
        kept = self._http.kept
        try:
            return self._once(request)
        except ConnectionError as fault:
            self.close()
            if not kept:
                raise Unreachable(said("%s: %s", self._url, _said(fault))) from None
        except (OSError, BadAnswer) as fault:
            self.close()
            raise Unreachable(said("%s: %s", self._url, _said(fault))) from None
        return self._exchange(request)

    def _once(self, request: Request) -> Answer:
        headers = dict(request.headers)
        # Not signed: when it is sent, by this machine's clock, so that the server sees it is off.
        headers["date"] = time.strftime("%a, %d %b %Y %H:%M:%S GMT", time.gmtime())
        response = self._http.post(request.target, headers, request.body, LONGEST_ANSWER)
        if response.status == OK:
            try:
                check_answer(response, self._server_key)
            except SignatureRefused as why:
                raise BadAnswer(said("the answer is not our collector's: %s", why)) from None
        retry_after = _seconds_to_wait(response.headers)
        return Answer(response.status, content_of(response.body), retry_after)


def check_answer(response: Response, server_key: bytes) -> None:
    """Check that the collector's own key signed this answer, however it came.

    Raises:
        SignatureRefused: it did not.
    """
    values = {**response.headers, "@status": str(response.status)}
    verify(ACKNOWLEDGEMENT, values, response.headers, server_key)
    check_digest(values["content-digest"], response.body)


def signed_report(
    identity: Identity, epoch: int, sequence: int, body: bytes, created: int
) -> Request:
    """The complete request that carries one report: ``body`` is gzip of the document's JSON."""
    return signed_request(REPORTS, REPORT, identity, (epoch, sequence), body, created)


def signed_request(
    target: str,
    profile: Profile,
    identity: Identity,
    number: tuple[int, int],
    body: bytes,
    created: int,
) -> Request:
    """A request under an (epoch, sequence) number, signed as its kind demands."""
    epoch, sequence = number
    headers = {
        "content-digest": content_digest(body),
        "content-type": "application/json",
        "content-encoding": "gzip",
        "rasoat-agent": identity.agent,
        "rasoat-epoch": str(epoch),
        "rasoat-sequence": str(sequence),
    }
    values = {"@method": "POST", "@request-target": target, **headers}
    return Request(target, {**headers, **sign(profile, values, identity.seed, created)}, body)


def intact(request: Request, identity: Identity, profile: Profile = REPORT) -> bool:
    """Whether a spooled request is still the one that this agent signed: disks do forget."""
    values = {**request.headers, "@method": "POST", "@request-target": request.target}
    try:
        verify(profile, values, request.headers, identity.public_key)
        check_digest(values["content-digest"], request.body)
    except SignatureRefused:
        return False
    return True


def check_acknowledged(acknowledged: object, request: Request) -> None:
    """An acknowledgement is for this report: its agent, epoch, sequence and digest.

    Raises:
        Unreachable: it is for another one.
    """
    headers = request.headers
    expected = {
        "agent": headers["rasoat-agent"],
        "epoch": int(headers["rasoat-epoch"]),
        "sequence": int(headers["rasoat-sequence"]),
        "digest": headers["content-digest"],
    }
    given = acknowledged if isinstance(acknowledged, dict) else {}
    if {name: given.get(name) for name in expected} != expected:
        raise Unreachable(said("the collector acknowledged another report; this one is kept"))


def content_of(body: bytes) -> dict[str, Any]:
    """The JSON object that an answer is, or an empty one."""
    try:
        content = json.loads(body)
    except (ValueError, RecursionError):
        return {}
    return content if isinstance(content, dict) else {}


def _seconds_to_wait(headers: Mapping[str, str]) -> int:
    """Seconds of Retry-After (RFC 9110 §10.2.3), 0 where there is none that makes sense.

    A date is read against the Date of the same answer: this machine's clock may be wrong.
    """
    text = headers.get("retry-after", "")
    if re.fullmatch("[0-9]{1,9}", text):
        return int(text)
    until = _moment(text)
    if until is None:
        return 0
    now = _moment(headers.get("date", ""))
    return max(0, until - (int(time.time()) if now is None else now))


def _moment(text: str) -> int | None:
    """Seconds since 1970 of an HTTP date in its one modern form (RFC 9110 §5.6.7)."""
    match = _DATE.fullmatch(text)
    if match is None or match[2] not in _MONTHS:
        return None
    import calendar  # seldom needed, and not free

    day, year, clock = int(match[1]), int(match[3]), match[4].split(":")
    fields = (year, _MONTHS.index(match[2]) + 1, day, *map(int, clock), 0, 0, 0)
    return calendar.timegm(fields)


def _said(fault: OSError | BadAnswer) -> str:
    """An error of the network in words."""
    if isinstance(fault, ssl.SSLCertVerificationError):
        why = fault.verify_message
        return said("its certificate is not of our CA or not for this name: %s", why)
    return system_says(fault) if isinstance(fault, OSError) else fault.said
