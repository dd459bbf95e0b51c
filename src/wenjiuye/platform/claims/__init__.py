"""Claims for every measure: facts, determination, states, review and decision."""
