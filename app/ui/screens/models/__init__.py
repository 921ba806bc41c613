"""The models screen: model cards made readable."""
