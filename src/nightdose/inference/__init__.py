"""From a time series to a posterior; knows no pharmacology."""
