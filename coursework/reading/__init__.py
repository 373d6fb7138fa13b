"""Reads what was handed in, whatever it is, and whosever it is.

archives      archives, and archives in them, unpacked without trusting what is in them
collect       archives of Moodle and Canvas into submitted/, for nbgrader's zip_collect
entrants      who has handed in, each by a name that no other has
files         which file of a folder is the notebook, and its bytes
formats       notebooks of an old format
submission    the notebook of a submission, bounded, with the cells that the source has
"""
