"""Who may use JupyterLab: only holders of this start's token."""

from __future__ import annotations

import secrets

from jupyter_server.auth.identity import IdentityProvider


class TokenAlways(IdentityProvider):
    """A new token at every start. Settings and the environment can neither remove nor choose it, nor add a password:
    `token` is no setting here, and Jupyter's own default is not used."""

    auth_enabled = True
    need_token = True

    def __init__(self, **more: object) -> None:
        self._token = secrets.token_hex(24)
        super().__init__(**more)

    @property
    def token(self) -> str:
        return self._token

    @token.setter
    def token(self, value: str) -> None:
        pass

    @property
    def token_generated(self) -> bool:
        """Always true, so that the address is printed with it."""
        return True

    @token_generated.setter
    def token_generated(self, value: bool) -> None:
        pass
