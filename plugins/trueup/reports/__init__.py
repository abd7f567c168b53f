"""What a person sees after a run, and looks up by hand."""
