"""Rules evaluated into findings; the disposal schedule carried out; what a record is kept for; rules checked before they run.

For other rooms:

    findings   rules to results.findings
    parts      the parts that a rule is evaluated in
    relations  SELECTs that several rules share
    retention  registry.retention: last day and state of every record
    holds      legal holds
    countries  checks that know one country's patterns
    explain    why a record may be kept, in a sentence
    rulecheck  whether a rule may run, before any data is read

Within the room:

    contract_parts  the parts of the rules that every controller has
    garbled         parts that would compare garbled text
"""
