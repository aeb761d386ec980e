"""The body, simulated: doses to receptors to scores."""
