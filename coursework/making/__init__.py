"""Makes a course: what a secret draws, what students get, and who they are.

course        make(): the nbgrader course of a secret
assignment    the template of a notebook, its families, and the notebook that a secret draws
secret        asks for the secret, or reads it from a file
place         the folder of a course: whose it is, and who can read it
release       what students get, by nbgrader's own steps
handout       a variant for each student, handed out and known again
roster        who takes the course, from a list of Canvas, Moodle or one's own
own           begins a folder of problems of your own
laws          tries every family of a folder
"""
