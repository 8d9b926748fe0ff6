"""Catalogues, languages and the terms of fixed vocabularies: every word that a reader meets.

For other rooms:

    languages   words, days and numbers in the reader's language
    reasons     why something could not be checked, in words
    vocabulary  terms of the Data Privacy Vocabulary
"""
