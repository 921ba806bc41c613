"""What members are made of: their form, the rows of a graph, windows, pictures, pooling and support vector machines."""
