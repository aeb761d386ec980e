"""From a posterior to an answer."""
