"""The pages: what a person does, in a browser window on their own machine."""
