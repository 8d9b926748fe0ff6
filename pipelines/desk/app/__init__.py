"""`vahti desk`: the officer's desk as an application, without a cell in sight.

server.py    Voilà on the first notebook, for this machine only
widget.py    the one widget: shows a page, reports what was chosen or filled in
desk.py      which page an address is, which form a decision
views/       what a page says, as plain values: functions over an opened home
templates/   the pages' HTML
"""
