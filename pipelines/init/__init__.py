"""Another controller's first hour: exports profiled, expectations drafted from them and from nine questions.

For other rooms:

    start      drafts into a folder
    terminal   the nine questions at a terminal
    evidence   INIT.md: each guess with what speaks for it

Within the room:

    naming     names for what is found in exports
    files      what files there are, and how each is laid out
    profile    exports landed and counted, column by column
    shapes     patterns of days, numbers and truth values, from the shapes of values
    typed      the type of every column
    words      words in headers, in several languages
    links      keys, and which column refers to which
    kinds      which columns are personal data, and of what kind
    survey     all of this, as one value
    checks     what is wrong with answers
    answers    the answers to the nine questions, and what the exports suggest
    questions  what remains to be asked, and the questions as a file
    written    YAML as the expectations are written
    drafts     contracts as their files have them
    own        controller.yaml
    promises   retention.yaml and notice.yaml
"""
