"""Starts ministack, run by the Python of its own environment, with two corrections.

On AWS an HTTP API has no path of its own, and without CORS settings it hands OPTIONS to the route that takes it.
ministack 1.5.33 keeps GET /health of every API for itself and answers every OPTIONS itself, so that neither a health
check nor a browser's preflight would ever reach our function. Both are looked up by name here: should another
version name them otherwise, it does not start, instead of behaving differently.
"""

from ministack import app
from ministack.services import apigateway


class Options(str):
    """Says OPTIONS wherever it is written, but is not taken for the method that the emulator answers itself."""

    def __eq__(self, other: object) -> bool:
        return other != "OPTIONS" and str.__eq__(self, other)

    __hash__ = str.__hash__


_handle = apigateway._handle_execute_in_scope


async def _handle_options_too(api_id, stage, path, method, *rest):
    api = apigateway._apis.get(api_id) or {}
    if method == "OPTIONS" and not api.get("corsConfiguration"):
        method = Options(method)
    return await _handle(api_id, stage, path, method, *rest)


def main() -> None:
    if "/health" not in app._HEALTH_PATHS:
        raise SystemExit("this ministack is not the one that is pinned: it has no health path to give back")
    app._HEALTH_PATHS = tuple(path for path in app._HEALTH_PATHS if path != "/health")
    apigateway._handle_execute_in_scope = _handle_options_too
    app.main()


if __name__ == "__main__":
    main()
