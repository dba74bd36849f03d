"""What is due is a row: the room of duties that a worker carries out later, and that no broker can lose."""
