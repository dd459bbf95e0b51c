"""Running it: database, web server and worker in one command, and the doctor that looks at all of it."""
