"""What must hold for a controller, as values: contracts, rules, disposal schedule, notice, controller; and the period they are checked against.

For other rooms:

    load               all of them, loaded and checked together
    opened             a period of a home with the expectations that judge it
    context            what SQL of the expectations is bound with
    contract           how each export is to be read
    rule               rules, and the parts they are evaluated in
    schedule           the disposal schedule
    notice             the statements of the privacy notice
    controller         controller.yaml
    condition          SQL conditions inside YAML
    growth             SQL calls that can produce output of any size
    acceptance         terms of acceptances
    keepers            who gets worklists, and in which language
    agreements         which rows are agreements with an end date
    urgency            how soon to act, and how grave it is
    dates              patterns of days and times
    span               periods of time, such as P6Y
    layout             how a file is laid out
    faults             everything wrong in a folder, file by file
    yamlfile           YAML read without losing text
    zones              time zones

Within the room:

    contract_reader    contracts read from their files
    contract_columns   their columns
    contract_document  what the contract readers share
    together           all of them as one value
    declared           what contracts declare for every controller's rules, checked against the other files
    holds              which file is the register of legal holds
"""
