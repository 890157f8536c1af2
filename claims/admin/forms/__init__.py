"""What people fill in at the desk; each form's answer is one call of a service."""
