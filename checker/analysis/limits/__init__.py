"""The values that settings may take, alone and together."""
