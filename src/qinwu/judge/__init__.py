"""Judge: did it work, is the number honest, can the target be met at all.

``claims`` takes figures that somebody published and says what follows from them, what cannot follow, and how strong they are;
``evaluate`` compares places that a reform changed with places that it did not.
"""
