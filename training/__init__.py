"""Training of touchline's network: people, ball and pitch points in one pass."""
