"""Catalogues, languages and the terms of fixed vocabularies: everything a reader sees in words.

For other rooms:

    languages   words, days and numbers in the reader's language
    reasons     why something could not be checked, in words
    vocabulary  terms of the Data Privacy Vocabulary
"""
