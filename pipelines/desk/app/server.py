"""Voilà on one notebook: on this machine's own address only, with a token, kernels over IPC, nothing fetched from elsewhere.

Of Voilà's ways to start only this one is offered: the browser can talk to a kernel's widgets and nothing else, so that no
page, however it got into the browser, can run code.
"""

from __future__ import annotations

import errno
import logging
import os
import secrets
import sys
import threading
import webbrowser

import pipelines.desk.lighter  # noqa: F401  # before Voilà

# isort: split
from tornado.ioloop import IOLoop
from traitlets.config import Config
from voila.app import Voila

from pipelines.desk.identity import TokenAlways

TEMPLATE = "vahti"
EXTENSIONS = ["@jupyter-widgets/jupyterlab-manager", "@voila-dashboards/widgets-manager8", "anywidget"]
# Voilà's page contains inline scripts and evaluates some; none comes from, and nothing goes to, another host.
POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self' 'unsafe-inline' 'unsafe-eval' blob:",
        "style-src 'self' 'unsafe-inline'",
        "img-src 'self' data: blob:",
        "font-src 'self' data:",
        "connect-src 'self'",
        "form-action 'none'",
        "base-uri 'none'",
        "frame-ancestors 'none'",
        "object-src 'none'",
    )
)
HEADERS = {
    "Content-Security-Policy": POLICY, "X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin", "Cross-Origin-Resource-Policy": "same-origin",
}  # fmt: skip


PORTS = range(8870, 8970)


def settings(notebook: str, sockets: str) -> Config:
    """Voilà's settings; folders of settings are not read. `sockets`: where kernels listen, a short path."""
    voila = {
        "connection_dir_root": sockets,
        "notebook_path": notebook,
        "ip": "127.0.0.1",
        "auto_token": True,
        "identity_provider_class": TokenAlways,
        "config_file_paths": [],
        "cookie_secret": secrets.token_bytes(32),
        "log_level": logging.WARNING,
        "tornado_settings": {"headers": HEADERS, "allow_remote_access": False, "local_hostnames": ["localhost"]},
    }
    pages = {
        "template": TEMPLATE,
        "allow_template_override": "NO",
        "allow_theme_override": "NO",
        "show_tracebacks": False,
        "file_allowlist": [],
        "file_denylist": [".*"],
        "extension_allowlist": EXTENSIONS,
        "preheat_kernel": True,
        "default_pool_size": 1,
    }
    config = Config({"Voila": voila, "VoilaConfiguration": pages})
    if os.name != "nt":
        config.KernelManager.transport = "ipc"
    return config


class Desk(Voila):
    """Voilà that prints its address once it listens, opens the browser there, and tries only the allowed ports."""

    def listen(self) -> None:
        """Serves until it is ended."""
        self.port = self._bound()
        print(self.display_url, flush=True)
        if self.open_browser:
            threading.Thread(target=webbrowser.open, args=(self.display_url,), daemon=True).start()
        self.ioloop = IOLoop.current()
        try:
            self.ioloop.start()
        except KeyboardInterrupt:
            pass
        finally:
            self.stop()

    def _bound(self) -> int:
        for port in self.ports:
            try:
                self.app.listen(port, self.ip)
                return port
            except OSError as error:
                if error.errno not in (errno.EADDRINUSE, errno.EACCES):
                    raise
        sys.exit(f"no port is free: {self.ports[0]} to {self.ports[-1]}")


def main(words: list[str]) -> None:
    """`notebook [port] [--no-browser]`, as `vahti desk` starts it."""
    notebook, *more = words
    app = Desk(config=settings(notebook, os.environ["JUPYTER_RUNTIME_DIR"]))
    app.initialize([])
    app.open_browser = "--no-browser" not in more
    app.ports = [int(word) for word in more if word.isdigit()] or list(PORTS)
    app.start()


if __name__ == "__main__":
    main(sys.argv[1:])
