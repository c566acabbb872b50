"""Discord's refusals: an HTTP status, a code of its own, and for a bad body where it is bad."""

from __future__ import annotations

from typing import Any

__all__ = [
    "ApiError",
    "already_acknowledged",
    "cannot_edit_others",
    "empty_message",
    "invalid_form",
    "invalid_webhook_token",
    "missing_access",
    "missing_permissions",
    "not_found",
    "unauthorized",
    "unknown",
]

UNKNOWN = {"channel": 10003, "guild": 10004, "message": 10008, "user": 10013, "webhook": 10015, "interaction": 10062}


class ApiError(Exception):
    """A request that Discord refuses.

    Attributes:
        status: of HTTP.
        code: Discord's own (JSON error codes in its documentation).
    """

    def __init__(self, status: int, code: int, message: str, errors: dict[str, Any] | None = None) -> None:
        super().__init__(f"{status} ({code}) {message}")
        self.status = status
        self.code = code
        self.message = message
        self.errors = errors

    def payload(self) -> dict[str, Any]:
        """The body of the answer."""
        body: dict[str, Any] = {"message": self.message, "code": self.code}
        return {**body, "errors": self.errors} if self.errors else body


def unauthorized() -> ApiError:
    """No token, or a wrong one."""
    return ApiError(401, 0, "401: Unauthorized")


def not_found() -> ApiError:
    """A route that does not exist."""
    return ApiError(404, 0, "404: Not Found")


def unknown(what: str) -> ApiError:
    """Something that does not exist, or no longer: "message", "interaction" ..."""
    return ApiError(404, UNKNOWN[what], f"Unknown {what.capitalize()}")


def already_acknowledged() -> ApiError:
    """A second first response to an interaction."""
    return ApiError(400, 40060, "Interaction has already been acknowledged.")


def missing_access() -> ApiError:
    """A channel that the bot can't see."""
    return ApiError(403, 50001, "Missing Access")


def missing_permissions() -> ApiError:
    """A channel where the bot may not do that."""
    return ApiError(403, 50013, "Missing Permissions")


def cannot_edit_others() -> ApiError:
    """A message of somebody else."""
    return ApiError(403, 50005, "Cannot edit a message authored by another user")


def empty_message() -> ApiError:
    """A message with nothing in it."""
    return ApiError(400, 50006, "Cannot send an empty message")


def invalid_webhook_token() -> ApiError:
    """An interaction's token that is over 15 minutes old."""
    return ApiError(401, 50027, "Invalid Webhook Token")


def invalid_form(place: str, code: str, message: str) -> ApiError:
    """A body that breaks a rule.

    Args:
        place: keys and numbers with dots between ("components.0.components.1.label").
        code: Discord's word for the rule ("BASE_TYPE_MAX_LENGTH").
    """
    tree: dict[str, Any] = {"_errors": [{"code": code, "message": message}]}
    for key in reversed(place.split(".")):
        tree = {key: tree}
    return ApiError(400, 50035, "Invalid Form Body", tree)
