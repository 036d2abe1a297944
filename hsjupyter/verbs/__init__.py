"""What a person types: thin methods that pick the pieces, hand over and return."""
