"""Prints all application settings as python-gitlab reads them.

Usage: settings.py URL TOKEN
"""

import json
import sys

import gitlab

gl = gitlab.Gitlab(sys.argv[1], private_token=sys.argv[2])
print(json.dumps(gl.settings.get().attributes, sort_keys=True))
