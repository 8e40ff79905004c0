"""What runs in the child: one file for each type, none of which knows Django or any of our own modules.

Each reads the file from standard input (it can be rewound) and writes at most as many characters as its first argument
says, as UTF-8. What it cannot read ends it with one of the codes below or, for everything unforeseen, with code 1.
"""
