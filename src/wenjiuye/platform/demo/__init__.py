"""The made-up city in the offices' system: registry loaded, officers appointed, claims in every state."""
