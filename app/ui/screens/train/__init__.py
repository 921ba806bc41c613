"""The train screen: labels in, a better model out, or the honest answer that it is not better."""
