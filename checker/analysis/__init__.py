"""What is done with the readings: documents validated, cases decided, expectations tested."""
