"""trueup: reconcile what ad platforms claim with what really came in, to the cent."""
