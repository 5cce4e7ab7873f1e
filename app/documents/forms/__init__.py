"""The house of forms: a form is a template, a short module that words one `Decision`, and a line of the table.

`table` says which forms there are and for whom, `kit` holds what they share, each other module is one form.
"""
