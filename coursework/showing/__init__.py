"""Shows what came from a student to a person, and harms nobody by it.

feedback      the notebook with marks that a person reads
page          the page of feedback that a student gets
clean         makes harmless what is shown: names, lines, texts, outputs
markdown      a text as HTML of an allow-list
formula       a formula as MathML
symbols       the commands that a formula may hold
picture       looks at a picture before a page shows it
budget        how much of a notebook a page shows
"""
