"""What changes between two versions, and for whom."""
