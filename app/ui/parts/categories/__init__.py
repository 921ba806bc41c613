"""Categories of whole items: bars of the model beside the votes of people."""
