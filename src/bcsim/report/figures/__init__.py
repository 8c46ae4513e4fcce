"""Pictures; ``style`` says how all of them look."""
