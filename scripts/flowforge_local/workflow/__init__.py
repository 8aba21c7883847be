"""Workflows as files: plain text that diffs well, is checked without any engine, and never changes by itself.

json_text   JSON with the place of every value       canonical   the one way in which a file is written
document    what is in a file                        places      where in the file a problem is
snapshot    the catalogue as a file                  checking    schemas and problems, offline
"""
