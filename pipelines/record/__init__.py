"""The record of processing: collected, written as files and as JSON-LD."""
