"""Fetching one file from the hub over HTTPS: the only file of live-coach that opens a connection.

Proxies come from the usual variables (https_proxy, http_proxy, all_proxy, no_proxy), own
certificates from SSL_CERT_FILE, SSL_CERT_DIR, REQUESTS_CA_BUNDLE or CURL_CA_BUNDLE, another hub
from HF_ENDPOINT and its patience from HF_HUB_DOWNLOAD_TIMEOUT, as the hub's own library does.
"""

from __future__ import annotations

import http.client
import os
import socket
import ssl
import time
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import cast

from live_coach import __version__
from live_coach.errors import ModelError
from live_coach.transcript.manifest import HubSource

_CHUNK = 1 << 18
_TRY_AGAIN = {408, 425, 429, 500, 502, 503, 504}
_RANGE_REFUSED = 416
_PARTIAL = 206
_LONGEST_WAIT_S = 60.0
"""A server may ask for more (Retry-After); a person would have given up."""

_TUNNEL = "Tunnel connection failed: "
"""How urllib begins what a proxy answered when it was asked to connect."""

_ELSEWHERE = (
    "Check the network and the proxy (https_proxy), or bring the files along and run "
    "`live-coach models import DIR`."
)


@dataclass(frozen=True, slots=True)
class Hub:
    """Where files are fetched, how long silence is borne, and the pauses between tries (seconds).

    The tries begin anew whenever bytes have arrived, so that a slow network gets there in the end.
    """

    endpoint: str = "https://huggingface.co"
    timeout_s: float = 30.0
    pauses_s: tuple[float, ...] = (0.5, 2.0, 5.0)

    @staticmethod
    def of_environment() -> Hub:
        """The hub that the environment names. Raises ModelError when a variable makes no sense."""
        plain = Hub()
        endpoint = os.environ.get("HF_ENDPOINT", "").rstrip("/") or plain.endpoint
        if urllib.parse.urlsplit(endpoint).scheme not in {"http", "https"}:
            raise ModelError("HF_ENDPOINT must be an address that begins with https://.")
        try:
            timeout = float(os.environ.get("HF_HUB_DOWNLOAD_TIMEOUT", "") or plain.timeout_s)
        except ValueError:
            raise ModelError("HF_HUB_DOWNLOAD_TIMEOUT must be a number of seconds.") from None
        return Hub(endpoint, timeout)

    @property
    def host(self) -> str:
        """The name of the machine, for sentences."""
        return urllib.parse.urlsplit(self.endpoint).netloc

    def url(self, source: HubSource, file: str) -> str:
        """The address of a file of a model."""
        path = urllib.parse.quote(source.path_of(file))
        return f"{self.endpoint}/{source.repository}/resolve/{source.revision}/{path}"

    def fetch(self, url: str, target: Path, size: int, progress: Callable[[int], None]) -> bool:
        """Bring `target` to `size` bytes, going on after those that are already there.

        `progress` is told the bytes present. Returns whether they came in parts, which may be those
        of different files. Raises
        ModelError when the hub cannot be reached, refuses, or has another file; OSError of the disk.
        """
        if target.exists() and target.stat().st_size > size:
            target.unlink()
        farthest = _present(target)
        reads = 1 if farthest else 0
        tries = 0
        while (present := _present(target)) < size:
            reason, wait = "the connection was cut", 0.0
            try:
                self._read(url, target, present, size, progress)
            except _Interrupted as interruption:
                reason, wait = str(interruption), interruption.wait_s
            reads += 1
            if _present(target) > farthest:
                farthest, tries = _present(target), 0
            elif tries == len(self.pauses_s):
                raise self._unreachable(reason)
            else:
                time.sleep(max(self.pauses_s[tries], wait))
                tries += 1
        return reads > 1

    def _read(
        self, url: str, target: Path, present: int, size: int, progress: Callable[[int], None]
    ) -> None:
        headers = {"User-Agent": f"live-coach/{__version__}", "Accept-Encoding": "identity"}
        if present:
            headers["Range"] = f"bytes={present}-"
        request = urllib.request.Request(url, headers=headers)  # noqa: S310  http or https, see of_environment
        response = self._open(request, target)
        if response is None:
            return
        with response:
            goes_on = response.status == _PARTIAL and _starts_at(response, present)
            with target.open("ab" if goes_on else "wb") as file:
                present = present if goes_on else 0
                while chunk := self._chunk(response):
                    present += len(chunk)
                    if present > size:
                        break
                    file.write(chunk)
                    progress(present)
        if present > size:
            target.unlink()
            raise ModelError(
                f"{self.host} has another file than expected: it is longer than {size:,} bytes.",
                hint=_ELSEWHERE,
            )

    def _open(
        self, request: urllib.request.Request, target: Path
    ) -> http.client.HTTPResponse | None:
        """The response, or None when the partial file was of no use and is gone."""
        try:
            return cast("http.client.HTTPResponse", _opener().open(request, timeout=self.timeout_s))
        except urllib.error.HTTPError as error:
            error.close()
            if error.code == _RANGE_REFUSED:
                target.unlink(missing_ok=True)
                return None
            if error.code in _TRY_AGAIN:
                wait = _seconds(error.headers.get("Retry-After"))
                raise _Interrupted(f"it answers {error.code} {error.reason}", wait) from None
            raise self._refused(error) from None
        except urllib.error.URLError as error:
            raise self._explained(error.reason) from None
        except (http.client.HTTPException, OSError) as error:
            raise self._explained(error) from None

    def _chunk(self, response: http.client.HTTPResponse) -> bytes:
        try:
            return response.read1(_CHUNK)
        except (http.client.HTTPException, OSError) as error:
            raise self._explained(error) from None

    def _explained(self, reason: object) -> Exception:
        """What to raise: worth another try, or a sentence at once."""
        if isinstance(reason, ssl.SSLCertVerificationError):
            return ModelError(
                f"The certificate of {self.host} is not trusted.",
                hint="If your network has its own, let SSL_CERT_FILE point to it.",
            )
        if isinstance(reason, socket.gaierror):
            return self._unreachable("its name is not known here")
        if isinstance(reason, ConnectionRefusedError):
            return self._unreachable("the connection is refused")
        if isinstance(reason, TimeoutError):
            return _Interrupted(f"nothing came for {self.timeout_s:g} s")
        if _TUNNEL in str(reason):
            answer = str(reason).removeprefix(_TUNNEL)
            return ModelError(
                f"The proxy {self._proxy()} refuses to connect to {self.host}: {answer}.",
                hint="Does it want a name and a password? Then https_proxy is http://NAME:PASSWORD@PROXY. "
                f"{_ELSEWHERE}",
            )
        return _Interrupted("the connection was cut")

    def _proxy(self) -> str:
        """The host of the proxy on the way to the hub, without a password; empty: there is none."""
        parts = urllib.parse.urlsplit(self.endpoint)
        proxy = _proxies().get(parts.scheme, "")
        if not proxy or urllib.request.proxy_bypass(parts.netloc):
            return ""
        return proxy.rpartition("//")[2].rpartition("@")[2].rstrip("/")

    def _unreachable(self, reason: str) -> ModelError:
        proxy = self._proxy()
        through = f" through the proxy {proxy}" if proxy else ""
        return ModelError(f"{self.host} cannot be reached{through}: {reason}.", hint=_ELSEWHERE)

    def _refused(self, error: urllib.error.HTTPError) -> ModelError:
        if error.code == http.HTTPStatus.NOT_FOUND:
            return ModelError(
                f"{self.host} does not have this file (404).", hint="Is HF_ENDPOINT right?"
            )
        return ModelError(f"{self.host} refuses: {error.code} {error.reason}.", hint=_ELSEWHERE)


class _Interrupted(Exception):
    """The transfer stopped for a reason that may pass, in `wait_s` at the earliest."""

    def __init__(self, reason: str, wait_s: float = 0.0) -> None:
        super().__init__(reason)
        self.wait_s = wait_s


def _present(target: Path) -> int:
    return target.stat().st_size if target.exists() else 0


def _starts_at(response: http.client.HTTPResponse, offset: int) -> bool:
    """Content-Range is `bytes FIRST-LAST/SIZE` (RFC 9110, section 14.4)."""
    return (response.getheader("Content-Range") or "").startswith(f"bytes {offset}-")


def _seconds(retry_after: str | None) -> float:
    """What Retry-After asks for in seconds; its other form, a date, is not what the hub sends."""
    if retry_after is None or not retry_after.isdecimal():
        return 0.0
    return min(float(retry_after), _LONGEST_WAIT_S)


def _proxies() -> dict[str, str]:
    """The proxy for each scheme."""
    proxies = urllib.request.getproxies()
    for scheme in ("http", "https"):
        if "all" in proxies:
            proxies.setdefault(scheme, proxies["all"])
    return proxies


def _trusted() -> ssl.SSLContext:
    """The system's certificates and those that the environment names. Raises ModelError."""
    context = ssl.create_default_context()
    for variable in ("SSL_CERT_FILE", "REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE"):
        if not (named := os.environ.get(variable)):
            continue
        place = Path(named)
        try:
            if place.is_dir():
                context.load_verify_locations(capath=place)
            else:
                context.load_verify_locations(cafile=place)
        except OSError as error:  # ssl.SSLError is one
            if isinstance(error, ssl.SSLError):
                why = "holds no certificates"
            else:
                why = f"cannot be read ({error.strerror})"
            raise ModelError(
                f"{variable} names {place}, which {why}.",
                hint=f"Correct {variable}, or unset it to trust what the system trusts.",
            ) from None
    return context


def _opener() -> urllib.request.OpenerDirector:
    return urllib.request.build_opener(
        urllib.request.ProxyHandler(_proxies()), urllib.request.HTTPSHandler(context=_trusted())
    )
