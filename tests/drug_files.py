"""Files of invented medicines."""

from nightdose.knowledge.drug_file import DrugFile
from nightdose.knowledge.drug_file_reading import read_drug_file


def glycine(onset: str) -> DrugFile:
    """The least that a file may say; onset : same-day, days or weeks."""
    named = 'schema = "nightdose.drug/1"\nname = "glycine"\ntitle = "Glycine"\n'
    return read_drug_file(f'{named}[onset]\nprior = "{onset}"\nwhy = "made up"\n', "glycine.toml")
