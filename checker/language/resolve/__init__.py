"""Documents put together: libraries, references, versions in force, facts of cases."""
