"""What other systems write: strict JSON in, one service called, the object as it now is out."""
