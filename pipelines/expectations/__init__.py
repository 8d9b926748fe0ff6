"""What must hold for a controller, as values: contracts, rules, disposal schedule, notice, controller; and the period they are held against.

For other rooms:

    load               all of them, loaded and checked as one
    opened             a period of a home with the expectations it is judged by
    context            what SQL of the expectations is bound with
    contract           how each export is to be read
    rule               rules, and the parts they are evaluated in
    schedule           the disposal schedule
    notice             the statements of the privacy notice
    controller         controller.yaml
    condition          SQL conditions inside YAML
    growth             calls in SQL that make of little as much as they are asked for
    acceptance         terms of acceptances
    keepers            to whom worklists are handed, in which language
    agreements         which rows are agreements that end
    urgency            how soon and how grave
    dates              patterns of days and times
    span               periods of time, such as P6Y
    layout             how a file is laid out
    yamlfile           YAML that loses no text

Within the room:

    contract_reader    contracts read from their files
    contract_columns   their columns
    contract_document  what the readers of a contract share
    together           all of them, as one value
    declared           what contracts declare for the rules of every controller, checked against the other files
    holds              which file is the register of legal holds
    zones              time zones
"""
