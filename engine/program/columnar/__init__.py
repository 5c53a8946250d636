"""A book in columns: the program of a day over all accounts at once, with the reference's exact answers.

What no column holds is set aside, account by account, and left to the reference.
"""
