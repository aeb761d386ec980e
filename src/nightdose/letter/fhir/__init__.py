"""The letter and its days as FHIR R4 (4.0.1): what a clinic's own program can read."""
