"""What the firm is: frozen pydantic models, their loading, checks and graph views."""
