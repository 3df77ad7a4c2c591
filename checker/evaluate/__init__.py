"""One case decided: policies compiled to Python, and cases drawn by Hypothesis."""
