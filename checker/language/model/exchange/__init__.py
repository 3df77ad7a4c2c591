"""What a policy makes of what other formats state: `exchange` documents."""
