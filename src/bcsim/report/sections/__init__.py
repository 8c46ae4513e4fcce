"""The sections of a report, a file each: what it says, as paragraphs, pictures and tables."""
