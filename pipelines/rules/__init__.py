"""Evaluates rules into findings; carries out the disposal schedule; explains why a record is kept; checks rules before they run.

For other rooms:

    findings   rules to results.findings
    parts      the parts that a rule is evaluated in
    relations  SELECTs shared by rules
    retention  registry.retention: last day and state of every record
    holds      legal holds
    countries  checks that know one country's patterns
    explain    why a record may be kept, in a sentence
    rulecheck  whether a rule may run, before any data is read

Within the room:

    contract_parts  the parts of every controller's rules
    garbled         parts that would compare garbled text
    working_days    the days that deadlines move over
"""
