"""Results as pictures, tables, pages and documents. Nothing is computed here."""
