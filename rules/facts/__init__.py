"""What rules can ask: facts, declared with a line of meaning each, three-valued."""
