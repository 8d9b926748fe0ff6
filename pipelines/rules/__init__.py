"""Rules evaluated into findings; the disposal schedule; what a record is kept for; rules checked before they run."""
