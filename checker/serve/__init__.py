"""The playground and the HTTP API: documents tried out, decided and proved, on this machine."""
