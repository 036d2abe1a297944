"""Stories of people with a mouse and a keyboard, in a real browser."""
