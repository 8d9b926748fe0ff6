"""What must hold for a controller, as values: contracts, rules, the notice's statements, the controller. Imports nothing above."""
