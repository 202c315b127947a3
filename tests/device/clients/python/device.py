"""Signs in as a device with requests-oauthlib: `device.py SERVER LABEL`.

Prints two lines of JSON: what the person needs, and once they have decided, the token.
"""

import json
import os
import sys
import time

# The library's option for servers on plain HTTP.
os.environ["OAUTHLIB_INSECURE_TRANSPORT"] = "1"

import requests
from oauthlib.oauth2 import DeviceClient
from oauthlib.oauth2.rfc6749.errors import CustomOAuth2Error
from requests_oauthlib import OAuth2Session

CLIENT_ID = "difyctl"
SLOWER = 5


def sign_in(server, label):
    metadata = requests.get(f"{server}/.well-known/oauth-authorization-server", timeout=30).json()
    asked = {"client_id": CLIENT_ID, "device_label": label}
    answer = requests.post(metadata["device_authorization_endpoint"], data=asked, timeout=30)
    answer.raise_for_status()
    codes = answer.json()
    print(json.dumps(codes), flush=True)
    interval = codes["interval"]
    session = OAuth2Session(client=DeviceClient(CLIENT_ID))
    while True:
        time.sleep(interval)
        try:
            return session, session.fetch_token(
                metadata["token_endpoint"], device_code=codes["device_code"], include_client_id=True
            )
        except CustomOAuth2Error as error:
            if error.error == "slow_down":
                interval += SLOWER
            elif error.error != "authorization_pending":
                raise


def main():
    server, label = sys.argv[1:]
    session, token = sign_in(server, label)
    # The library sends the token.
    me = session.get(f"{server}/v1/me", timeout=30)
    me.raise_for_status()
    print(json.dumps({**token, "me": me.json()}), flush=True)


main()
