"""Makes the .docx templates of the dossier's forms from src/fengqiao/dossier/data/forms.toml.

python scripts/forms.py
"""

from __future__ import annotations

from fengqiao.dossier.forms import forms
from fengqiao.dossier.templates import place_of, template_of

for form in forms():
    place_of(form.code).write_bytes(template_of(form))
    print(form.code, form.title)
