# Copyright: Contributors to the webex_partner.billing collection
# GNU General Public License v3.0+ (see COPYING or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later

"""The documentation site: the guides beside this folder and the reference that antsibull-docs makes, both put here by the step `docs` of the tests."""

from __future__ import annotations

import re
from pathlib import Path

import yaml
from docutils import nodes
from sphinx.application import Sphinx

GALAXY = yaml.safe_load(Path('galaxy.yml').read_text(encoding='utf-8'))

project = f'{GALAXY["namespace"]}.{GALAXY["name"]}'
html_title = f'{project} {GALAXY["version"]}'
extensions = ['myst_parser', 'sphinx_antsibull_ext', 'sphinx_copybutton']
language = 'en'
# parts of the first are on other pages, plugins.md stands for the second, and no plugin declares a variable
exclude_patterns = ['README.md', 'reference/index.rst', 'reference/environment_variables.rst']
nitpicky = True
smartquotes = False  # a sentence of a plugin is shown as it is
myst_heading_anchors = 3
highlight_language = 'text'
pygments_style = 'tango'

html_theme = 'furo'
html_static_path = ['static']
html_extra_path = ['example/evidence.html']
html_css_files = ['site.css']
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_use_index = False

# the tables of antsibull-docs in the colours of the theme, by day and by night
antsibull_ext_color_scheme = 'none'
COLOURS = {
    'color-background-border': ('table-border',),
    'color-background-primary': ('links-text', 'table-background-odd'),
    'color-background-secondary': ('narrowtable-background', 'table-background-even', 'table-background-header'),
    'color-brand-content': ('attribute-support-full', 'links-background-active', 'option-default'),
    'color-brand-primary': ('links-background',),
    'color-foreground-muted': ('attribute-support-na', 'option-version-added'),
    'color-foreground-primary': ('links-focus-outline', 'option-sample-header'),
    'color-foreground-secondary': ('attribute-support-partial', 'option-aliases', 'option-elements', 'option-sample', 'option-type'),
    'color-problematic': ('attribute-support-none', 'option-required'),
}
html_theme_options = {
    'footer_icons': [
        {'name': name, 'url': url, 'html': name, 'class': 'site-link'}
        for name, url in (('Repository', GALAXY['repository']), ('Issues', GALAXY['issues']))
    ],
    'light_css_variables': {
        'sidebar-item-font-size': '75%', 'sidebar-item-spacing-horizontal': '0.8rem',
        **{f'antsibull-{name}': f'var(--{colour})' for colour, names in COLOURS.items() for name in names},
    },
}

ANSIBLE = 'https://docs.ansible.com/projects/ansible/latest'
ANSIBLE_PAGES = {
    'action_plugins': 'plugins/action',
    'common_return_values': 'reference_appendices/common_return_values',
}


def adapt_reference(app: Sphinx, docname: str, source: list[str]) -> None:
    """The theme shows the contents of a page beside it; and a page that index.md forgets shall be missed."""
    if docname.startswith('reference/'):
        source[0] = re.sub(r'^(:orphan:|\.\. contents::\n(   :.*\n)+)', '', source[0], flags=re.MULTILINE)


def refer_to_ansible(app: Sphinx, env: object, node: nodes.Element, text: nodes.Element) -> nodes.reference | None:
    """What only Ansible's own documentation has, found without asking it."""
    target = node['reftarget']
    page = ANSIBLE_PAGES.get(target)
    if module := re.fullmatch(r'ansible_collections\.(ansible|community)\.(\w+)\.(\w+_module)', target):
        page = 'collections/' + '/'.join(module.groups())
    return nodes.reference('', '', text, refuri=f'{ANSIBLE}/{page}.html', internal=False) if page else None


def refer_to_pages(app: Sphinx, doctree: nodes.document, docname: str) -> None:
    """The full name of a plugin or role leads to its page, and the path of a guide becomes its title."""
    named = {re.sub('reference/(.*)_(module|role)', rf'{project}.\1', page): page for page in app.env.found_docs if page.startswith('reference/')}
    named |= {f'docs/{page}.md': page for page in app.env.found_docs}
    named['roles/month_end/README.md'] = 'reference/month_end_role'
    for literal in list(doctree.findall(nodes.literal)):
        page = named.get(literal.astext())
        if page and not docname.startswith('reference/') and not isinstance(literal.parent, nodes.reference):
            shown = nodes.Text(app.env.titles[page].astext()) if literal.astext().startswith('docs/') else literal.deepcopy()
            literal.replace_self(nodes.reference('', '', shown, refuri=app.builder.get_relative_uri(docname, page), internal=True))


def setup(app: Sphinx) -> None:
    app.connect('source-read', adapt_reference)
    app.connect('missing-reference', refer_to_ansible)
    app.connect('doctree-resolved', refer_to_pages)
