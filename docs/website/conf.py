"""How Sphinx sets the site.  Nothing in it asks for anything from the network."""

from importlib.metadata import version as version_of

project = "revcycle"
copyright = ""  # noqa: A001 - the name Sphinx reads
version = release = version_of("revcycle")

extensions = ["myst_parser"]
root_doc = "index"
exclude_patterns = ["docs/examples"]
myst_enable_extensions = ["colon_fence"]
myst_heading_anchors = 4  # as code hosts make them

smartquotes = False  # options of commands begin with two hyphens

html_theme = "furo"  # light and dark, carries its own fonts and scripts
html_title = "revcycle"
html_show_copyright = False
html_show_sphinx = False
html_static_path = ["static"]
html_css_files = ["site.css"]
html_copy_source = False
html_theme_options = {"footer_icons": [], "top_of_page_buttons": []}
html_last_updated_fmt = None

maximum_signature_line_length = 88
python_use_unqualified_type_names = True
nitpicky = True
# Types of signatures are other libraries', or short names of ours: only links of pages are held to.
nitpick_ignore_regex = [("py:.*", ".*")]

linkcheck_timeout = 20
linkcheck_retries = 2
