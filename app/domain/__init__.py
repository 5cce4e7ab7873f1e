"""Words, values and rules of form that every other room shares. Standard library only."""
