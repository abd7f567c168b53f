"""Whether a ratio of two counts is still the ratio it was, for many series at once.

One module per method: `tails` (how rare a day is), `baseline` (what is expected), `wander` (steps
and slopes beyond what lasts by itself), `change` (CUSUM, onset), `lasting` (whether a break still
lasts), `mix` (shares of one whole), `budget` (how many false alarms all series may raise together);
`course` is how each series stands, `judging` the days in order; for single orders there are
`orders` and `values`. Nothing here reads a file, a clock or a random number.
"""
