"""The sign-in of people who see labels: owners and reviewers."""
