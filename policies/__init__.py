"""What must hold: a rule has six honest answers."""
