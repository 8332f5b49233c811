"""The desk: one person at one study, full screen. `gtpipe desk`, and `gtpipe code INTERVIEW`.

    sitting     what is done and where one is: acts, places, what the files say; no terminal
    places      where each interview was left
    keys        the one table of keys: the key line, `?` and the palette are made from it
    wrapping    words in lines of so many columns, and where each letter stands
    app         the screen: panes, messages, keys
    transcript  the words with their codes level with them
    prompt      the line at the bottom: the only place where one types
    here        the codes at the turn under the cursor
    code_book, comparison, offered   what stands beside the words
    dialogues   memo, focused code, negative case, comment, bookmark
    watching    what other programs do to the files

Textual is imported by the modules of the screen alone, and they on use alone. The desk has no rule
of its own about codes: each act is that of a command.
"""
