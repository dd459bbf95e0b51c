"""Files that prove a fact: checked, re-saved, kept outside of the web, given out only with permission."""
