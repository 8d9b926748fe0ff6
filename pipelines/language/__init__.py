"""Catalogues, languages and the words of fixed vocabularies."""
