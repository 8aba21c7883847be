"""Keeping one home's processes alive: engines, mesh, pipeline; nothing is left when it ends.

lock         one supervisor per home
child        one process: started, watched, restarted with back-off, stopped
preparation  schema and seed, skipped while nothing they depend on has changed
pipeline     the processes of the live pipeline
stack        the order of it all
state        what `flowforge status` shows
report       what the person at the terminal sees meanwhile
"""
