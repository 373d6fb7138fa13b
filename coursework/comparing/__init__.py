"""Says which hand-ins are alike: what to look at, and no verdict.

fingerprints  what is left of code and text when names, order, comments and layout are taken away
similar       the pairs that have more in common than chance and the task would give them
similar_page  those pairs as a page and a table
"""
