# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Documentation of the connection options; the argument spec is in module_utils/_api/options.py."""

from __future__ import annotations


class ModuleDocFragment:
    """For modules, which read the variables on the target host, and for the action, which reads them on the controller."""

    DOCUMENTATION = r'''
options:
  access_token:
    description:
      - Bearer token of a partner administrator.
      - If O(access_token), O(refresh_token) and O(token_file) are all unset or blank, the environment variable E(WEBEX_ACCESS_TOKEN) is used.
      - Needs the scope C(spark-admin:broadworks_billing_reports_read), and C(spark-admin:broadworks_billing_reports_write) to create or delete.
        For reports of Webex Wholesale these are C(spark-admin:wholesale_billing_reports_read) and C(spark-admin:wholesale_billing_reports_write).
    type: str
  client_id:
    description:
      - Client id of the integration that O(refresh_token) belongs to.
      - With O(client_secret) and O(refresh_token), the plugin gets an access token if none is given, and another one after a 401.
        This token is kept in memory only.
      - If unset or blank, the environment variable E(WEBEX_CLIENT_ID) is used.
    type: str
  client_secret:
    description:
      - Secret of the integration.
      - If unset or blank, the environment variable E(WEBEX_CLIENT_SECRET) is used.
    type: str
  refresh_token:
    description:
      - Refresh token of a partner administrator.
      - If O(access_token), O(refresh_token) and O(token_file) are all unset or blank, the environment variable E(WEBEX_REFRESH_TOKEN) is used.
    type: str
  token_file:
    description:
      - JSON file with the access of one partner, used instead of O(access_token) and O(refresh_token), never beside them.
      - The playbook C(webex_partner.billing.authorize) creates it. Keys are C(refresh_token) (required), C(client_id), C(client_secret), C(access_token),
        C(access_token_expires), C(refresh_token_expires) (times in UTC) and C(scopes) (a list).
        O(client_id) and O(client_secret) are used if the file has none.
      - The access token in the file is used until five minutes before it ends. Then one task gets another one, under a lock, and replaces the file atomically,
        with the new refresh token if Webex exchanged it. So parallel tasks get one token, and no refresh token is lost.
      - The path is absolute or begins with C(~), on the host where the plugin runs. For M(webex_partner.billing.billing_report_wait) this is the controller.
      - The file must belong to the user of the task and have mode V(0600). The task must be able to write in its directory.
      - If O(access_token), O(refresh_token) and O(token_file) are all unset or blank, the environment variable E(WEBEX_TOKEN_FILE) is used.
    type: path
    version_added: 1.1.0
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
      - File with the certificates (PEM) that are trusted instead of the usual ones, for example those of a proxy that inspects TLS.
      - If this option and its variable are unset or blank, E(REQUESTS_CA_BUNDLE) or E(CURL_CA_BUNDLE) is used.
      - If unset or blank, the environment variable E(WEBEX_CA_PATH) is used.
    type: path
  request_timeout:
    description:
      - Time limit in seconds for a whole HTTP request, even if data trickles in.
        If a host has several addresses, an address that does not answer leaves time for the next one.
    type: float
    default: 30
  retry_timeout:
    description:
      - Seconds within which one call may be retried, for reads and deletes that met 423, 429, 5xx or a network fault.
        A create is retried only after 423 and 429, which say for certain that nothing was created.
        A C(Retry-After) that does not fit fails at once.
      - When the controller itself runs the task without starting a module, it prints a message before each retry.
      - V(0) means one try. M(webex_partner.billing.billing_report_wait) does not use it, since its next look is the retry.
    type: float
    default: 60
attributes:
  action_group:
    description: Takes defaults from C(module_defaults) of this group.
    support: full
    membership:
      - webex_partner.billing.webex
requirements:
  - requests >= 2.28 (on the host that runs the plugin)
notes:
  - Precedence is option, then environment variable, then default. For connection options, a blank string counts as unset, and blanks
    at both ends are removed. To leave out any other option, use V(omit).
  - The access token and the refresh token say which partner is billed, so both come from one source. If the task or C(module_defaults)
    give one of them, the plugin takes none of them from the environment. The client ID and the client secret name the integration;
    they may come from elsewhere. A plugin cannot distinguish a task's options from C(module_defaults). If a task overrides one
    of the two tokens in C(module_defaults), set the other one to V('') in that task.
    A module reads the variables of the host it runs on, M(webex_partner.billing.billing_report_wait) those of the controller;
    the task keyword C(environment) works for both.
  - Proxies are taken from E(HTTPS_PROXY) and E(NO_PROXY). Requests to a loopback host never use a proxy, whatever the environment says.
    A C(~/.netrc) never replaces the token.
  - No token appears in any result, message, warning or log line. What ansible-core itself prints of a task's C(environment)
    with C(-vvv) is beyond the reach of a plugin; give tokens by the environment of the controller, by a credential or a vaulted variable.
  - Every module that has these options takes its defaults from C(module_defaults) of the group C(group/webex_partner.billing.webex).
'''
