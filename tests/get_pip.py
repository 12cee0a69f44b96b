# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""Give ansible-test's virtual environments a pip, where the host of the get-pip script is out of reach."""

import subprocess
import sys

REFUSED_BY_PIP = ('--no-setuptools', '--no-wheel')

# within this process ensurepip would take pip's configuration away
subprocess.check_call([sys.executable, '-m', 'ensurepip', '--default-pip'], stdout=subprocess.DEVNULL)
arguments = [argument for argument in sys.argv[1:] if argument not in REFUSED_BY_PIP]
sys.exit(subprocess.call([sys.executable, '-m', 'pip', 'install'] + arguments))
