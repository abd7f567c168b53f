"""What a person types: the verbs of `trueup`, their arguments, and what each does."""
