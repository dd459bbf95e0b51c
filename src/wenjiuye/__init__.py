"""稳就业: an employment policy as a program."""
