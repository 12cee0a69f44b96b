# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

from __future__ import annotations

DOCUMENTATION = r'''
module: billing_authorize
short_description: Authorize a Webex partner, with a person at the terminal
version_added: 1.1.0
description:
  - Gets the first tokens of a partner and writes them to a token file, which every plugin can use and renews.
  - A person must sign in to Webex as the partner administrator and allow access, by the device grant or by the code flow with PKCE.
  - The playbook C(webex_partner.billing.authorize) runs this task.
author:
  - Contributors to webex_partner.billing (@webex-partner)
extends_documentation_fragment:
  - webex_partner.billing.attributes
attributes:
  action:
    description: Has an action plugin of its name, which runs on the controller.
    support: full
    details: It runs nowhere else, since it asks on the terminal.
  async:
    support: none
  check_mode:
    details: Asks nobody and writes nothing.
  diff_mode:
    support: none
  idempotent:
    support: none
    details: Each run gets new tokens.
options:
  token_file:
    description:
      - The file to write, as an absolute path or one that begins with C(~). Its directory must exist. A file that is there is replaced.
      - The file gets mode 0600. The option O(webex_partner.billing.broadworks_billing_report#module:token_file) describes its keys.
    type: path
    required: true
  flow:
    description:
      - With V(device), the playbook shows an address and a code, and waits until you have allowed access in any browser.
        The integration must have the four redirect URIs of the device grant.
      - With V(code), it shows an address and asks for the address that the browser came back to.
    type: str
    choices: [device, code]
    default: device
  scopes:
    description:
      - What the tokens allow. V(write) means to create and delete reports. Whether V(write) includes V(read) is not documented, so ask for both.
    type: list
    elements: str
    choices: [read, write]
    default: [read, write]
  product:
    description:
      - The product whose reports the tokens are for. It decides which scopes are asked for.
    type: str
    choices: [broadworks, wholesale]
    default: broadworks
  redirect_uri:
    description:
      - For O(flow=code), the redirect URI of the integration. Nothing needs to answer there.
    type: str
    default: http://localhost:4200/authorize
  client_id:
    description:
      - Client ID of the integration. If this option and the environment variable E(WEBEX_CLIENT_ID) are both unset, the task asks for it.
    type: str
  client_secret:
    description:
      - Secret of the integration. If this option and the environment variable E(WEBEX_CLIENT_SECRET) are both unset, the task asks for it and does not echo it.
    type: str
  api_url:
    description:
      - Base URL of the API. It must begin with C(https://); C(http://) is accepted for loopback hosts only.
      - If unset or blank, the environment variable E(WEBEX_API_URL) is used.
    type: str
    default: https://webexapis.com/v1
  validate_certs:
    description:
      - Whether the certificate of the API is verified.
      - If unset or blank, the environment variable E(WEBEX_VALIDATE_CERTS) is used.
    type: bool
    default: true
  ca_path:
    description:
      - File with the certificates (PEM) that are trusted instead of the usual ones.
      - If unset or blank, the environment variable E(WEBEX_CA_PATH) is used.
    type: path
  request_timeout:
    description:
      - Time limit in seconds for a whole HTTP request.
    type: float
    default: 30
notes:
  - No token is shown, returned or logged, and none is in a command line or in the history of a shell.
  - It does not belong to the action group C(group/webex_partner.billing.webex), since it has no option for a token.
seealso:
  - module: webex_partner.billing.billing_access_info
'''

EXAMPLES = r'''
- name: Get the first tokens of a partner
  webex_partner.billing.billing_authorize:
    token_file: ~/.webex/north.json

- name: Check them
  webex_partner.billing.billing_access_info:
    token_file: ~/.webex/north.json
'''

RETURN = r'''
msg:
  description: The scopes and the end of the refresh token, or why there are no tokens.
  returned: always
  type: str
  sample: /home/me/.webex/north.json has tokens with spark-admin:broadworks_billing_reports_read; the refresh token ends at 2027-02-24T09:00:00Z
token_file:
  description: The file.
  returned: success
  type: str
  sample: /home/me/.webex/north.json
scopes:
  description: The scopes that Webex granted, if it named them.
  returned: success, except in check mode; null if Webex did not name them
  type: list
  elements: str
  sample: [spark-admin:broadworks_billing_reports_read, spark-admin:broadworks_billing_reports_write]
access_token_expires:
  description: When the access token ends, in UTC.
  returned: success, except in check mode; null if Webex did not say
  type: str
  sample: "2026-12-10T09:00:00Z"
refresh_token_expires:
  description: When the refresh token ends, in UTC.
  returned: success, except in check mode; null if Webex did not say
  type: str
  sample: "2027-02-24T09:00:00Z"
error:
  description: What went wrong, as data; RV(ignore:msg) says it in a sentence.
  returned: failure, unless Ansible itself refuses an option, an owner or a mode
  type: dict
  contains:
    kind:
      description:
        - V(invalid_input) for invalid options, for an address that belongs to another run, and where no terminal is there.
        - V(authentication) if Webex or the person refuses, V(wait_timeout) if the person does not answer in time.
        - Otherwise one of V(permission), V(conflict), V(rate_limited), V(unavailable), V(network), V(timeout), V(invalid_response).
      type: str
      returned: always
      sample: authentication
    http_status:
      description: HTTP status of the answer, of the API or of the file host.
      type: int
      returned: always, null where there was no answer or it is not to blame
      sample: 403
    message:
      description: The API's own message.
      type: str
      returned: always, null where there is none
      sample: The request is understood, but it has been refused or access is not allowed.
    details:
      description: The API's own list of errors, or that of a failed report, each with C(code) and C(description).
      type: list
      elements: dict
      returned: always, null where there is none
    tracking_id:
      description: What Webex support asks for.
      type: str
      returned: always, null where the answer had none
      sample: ROUTER_5F1B2C3D-7A01-01BB-6C3A-F1C0A1F76C3A
    retry_after: {description: Seconds that the answer asks to wait., type: float, returned: "always, null where it asks for nothing"}
'''
