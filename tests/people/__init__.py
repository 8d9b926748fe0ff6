"""Registers of made-up people of whom it is written down which record is whose, with every way in which one person's
records get mixed up with another's.

    register = people.make(80, seed=1)      people, rows, and whose each row is
    register.write(folder)                  the exports of one period, by the layouts of spec/exports.md
    register.asked()                        (customer number, person) of everybody who can ask
    measured.of(place, register)            what the workbench includes and offers, held against the truth

Identity codes have individual numbers 900-999, addresses and names are invented, and the same count and seed give the
same bytes. Every case of `cases.CASES` comes at least once, however small the register.
"""

from people.cases import CASES, make
from people.register import Person, Register, Row

__all__ = ["CASES", "Person", "Register", "Row", "make"]
