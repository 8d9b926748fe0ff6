"""The record of processing (GDPR art. 30): collected, and written as files and as JSON-LD.

For other rooms:

    collect  what contracts, schedule and controller declare, together with what exports show

Within the room:

    drift     what changed since the period before
    sections  the record in words
    files     HTML, PDF and XLSX
    jsonld    JSON-LD in terms of the Data Privacy Vocabulary
"""
