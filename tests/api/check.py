"""Tests a server against its API description: schemathesis generates requests and checks every answer.

Run by `cargo xtask test --only api`, in an environment with requirements.txt, against the server in DOORSTEP_BIN.
"""

import json
import os
import re
import subprocess
import sys
import tempfile
from pathlib import Path

import requests

PASSWORD = "seven clouds over lisbon"
FIRST_PASSWORD = "correct horse battery staple"
# Checks beside the one for server errors.
CHECKS = (
    "not_a_server_error,status_code_conformance,content_type_conformance,response_headers_conformance,"
    "response_schema_conformance"
)
# Requests with a device's token, or an access token, instead of cookies.
OF_DEVICES = r"^/(v1/me|openapi/v1/(account|workspaces))"
OF_TOKENS = r"^/users/me"
# Operations that end the session, the token or the preview of the other requests.
ENDINGS = r"/(logout|self|leave)$"


class Server:
    """A server with a separate database."""

    def __init__(self, folder):
        environment = {name: value for name, value in os.environ.items() if not name.startswith("DOORSTEP_")}
        environment["DOORSTEP_INITIAL_PASSWORD"] = FIRST_PASSWORD
        self.log = (folder / "log").open("w+")
        # The tests use a device's token more often than devices do.
        config = folder / "doorstep.toml"
        config.write_text("[limits]\nme_per_minute = 100000\n")
        command = [os.environ["DOORSTEP_BIN"], "serve", "--listen", "127.0.0.1:0", "--data-dir", str(folder / "data")]
        command += ["--config", str(config)]
        self.process = subprocess.Popen(
            command, env=environment, stdout=subprocess.PIPE, stderr=self.log, text=True
        )
        for line in self.process.stdout:
            if ready := re.search(r"listening on (http://\S+)", line):
                self.url = ready[1]
                return
        raise SystemExit("the server ended before it was ready")

    def stop(self):
        self.process.terminate()
        self.process.wait()


class World:
    """A signed-in operator, a project with a client, and a preview of its portal."""

    def __init__(self, server):
        self.url = server.url
        self.browser = requests.Session()
        self.browser.headers["Origin"] = self.url
        self.post("/api/auth/login", {"username": "admin", "password": FIRST_PASSWORD})
        chosen = {"username": "admin", "password": PASSWORD, "confirm_password": PASSWORD}
        self.post("/api/auth/setup-authenticated", chosen)
        self.client = self.post("/api/clients", {"name": "The harbour"})["data"]["id"]
        project = {"name": "The bridge", "client_id": self.client}
        self.project = self.post("/api/projects", project)["data"]["id"]
        self.post(f"/api/projects/{self.project}/updates", {"body": "It begins."})
        self.post(f"/api/projects/{self.project}/portal-preview", {})
        codes = self.post("/v1/oauth/device/code", {"client_id": "difyctl"})
        self.post("/v1/oauth/device/approve", {"user_code": codes["user_code"]})
        polled = {"client_id": "difyctl", "device_code": codes["device_code"]}
        self.device = self.post("/v1/oauth/device/token", polled)["access_token"]
        signed_in = self.post("/auth/login", {"email": "admin@localhost", "password": PASSWORD})
        self.access = signed_in["data"]["access_token"]

    def post(self, path, body):
        answer = self.browser.post(self.url + path, json=body)
        if answer.status_code != 200:
            raise SystemExit(f"{path}: {answer.status_code} {answer.text}")
        return answer.json()

    def cookie(self):
        return "; ".join(f"{cookie.name}={cookie.value}" for cookie in self.browser.cookies)

    def is_let_in(self, path, header):
        name, value = header.split(": ", 1)
        answer = requests.get(self.url + path, headers={name: value})
        if answer.status_code != 200:
            raise SystemExit(f"{path} answers {answer.status_code} in the end: the requests proved nothing")


def settings(world, folder):
    """Writes existing ids for paths with an id."""
    file = folder / "schemathesis.toml"
    things = {"projects": world.project, "clients": world.client}
    lines = []
    for things_of, name in things.items():
        lines += ["[[operations]]", f'include-path-regex = "^/(portal/)?api/{things_of}/[{{]id[}}]"']
        lines += [f'parameters = {{ "path.id" = {json.dumps(name)} }}']
    file.write_text("\n".join(lines) + "\n")
    return file


def run(world, folder, header, excluded, *which):
    command = [Path(sys.executable).with_name("st"), "--config-file", settings(world, folder), "run"]
    command += [f"{world.url}/openapi.json", "--url", world.url, "--header", f"Origin: {world.url}", "--header", header]
    command += ["--checks", CHECKS, "--phases", "coverage,fuzzing", "--max-examples", "10", "--seed", "1"]
    command += ["--generation-database", "none", "--no-shrink", "--max-redirects", "0", "--warnings", "off"]
    command += ["--exclude-path-regex", excluded, *which]
    if subprocess.run(command, cwd=folder).returncode != 0:
        raise SystemExit("an answer is not as described")


def main():
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        server = Server(folder)
        try:
            world = World(server)
            cookie, device, access = (
                f"Cookie: {world.cookie()}",
                f"Authorization: Bearer {world.device}",
                f"Authorization: Bearer {world.access}",
            )
            kinds = [
                (device, "/v1/me", ENDINGS, ["--include-path-regex", OF_DEVICES]),
                (access, "/users/me", ENDINGS, ["--include-path-regex", OF_TOKENS]),
                (cookie, "/api/auth/me", f"{ENDINGS}|{OF_DEVICES}|{OF_TOKENS}", []),
            ]
            for header, path, excluded, which in kinds:
                run(world, folder, header, excluded, *which, "--exclude-method", "DELETE")
                world.is_let_in(path, header)
            # It may end the session of the other requests, whose id is in lists.
            for header, _, excluded, which in kinds:
                if header != access:
                    run(world, folder, header, excluded, *which, "--include-method", "DELETE")
        finally:
            server.stop()


main()
