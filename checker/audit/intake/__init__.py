"""Rows of a table as typed records: columns mapped, cells read, refused rows explained."""
