"""What goes into every pack as it is: the script that checks it."""
