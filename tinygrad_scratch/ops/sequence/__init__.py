"""What is made of sequences: recurrent layers and attention."""
