"""The commands of ``rasoat``, one module for each of their nouns; each only assembles the parts."""
