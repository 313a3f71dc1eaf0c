"""What is to be said where: from judgments to a Plan, pure; ``reconcile`` is the function to read first."""
