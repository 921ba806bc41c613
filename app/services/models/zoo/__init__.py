"""The model zoo: vetted models that can be fetched, checked and removed. Nothing is fetched without asking."""
