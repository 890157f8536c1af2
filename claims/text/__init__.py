"""What the engines know of text: comparison form, sentences, figures, names, quotes, diffs."""
