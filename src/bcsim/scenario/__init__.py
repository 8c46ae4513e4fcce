"""What goes wrong, and the load: data only."""
