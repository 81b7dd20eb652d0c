class Trouble(Exception):
    """One plain sentence for the person at the terminal; whoever catches it prints it and exits with 1."""
