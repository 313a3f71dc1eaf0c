"""What is legal in rules and dead all the same."""
