"""Settings of the notebook server: a token is required, and root is refused."""

import os

token = os.environ.get("JUPYTER_TOKEN", "")
if len(token) < 32:
    raise SystemExit(
        "Set JUPYTER_TOKEN to 32 characters or more, for example: openssl rand -hex 32"
    )

config = get_config()  # noqa: F821 - Jupyter defines it for this file
config.IdentityProvider.token = token
config.ServerApp.allow_root = False
config.ServerApp.ip = "0.0.0.0"  # noqa: S104 - the container's own network; publish on 127.0.0.1
config.ServerApp.port = 8888
config.ServerApp.root_dir = "/home/jovyan"
