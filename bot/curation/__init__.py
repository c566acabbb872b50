"""What was asked and what curators do with it: journal, inbox, teaching, feedback, statistics, privacy."""
