"""The desk: one person at one study, full screen. `gtpipe desk`, and `gtpipe code INTERVIEW`.

    sitting     what is done and where one is: acts, places, what the files say; no terminal
    places      where each interview was left
    keys        the one table of keys: the key line, `?` and the palette are made from it
    wrapping    words in lines of so many columns, and where each letter stands
    known_codes, compared, reading_on, typed   labels by any word; what a code is held against;
                where one goes on; what is typed in one line: no terminal either
    app         the screen: panes, messages, keys
    keys_in_turn   each key is done with before the next one is looked at
    transcript  the words with their codes level with them
    prompt      the line at the bottom: the only place where one types
    here        the codes at the turn under the cursor
    rows        a list that one goes through: each pane beside the words is one
    code_book, comparison, offered   what stands beside the words
    suggesting  what learns from the codes, beside the screen
    dialogues   memo, focused code, negative case, comment, bookmark
    watching    what other programs do to the files

Textual is imported by the modules of the screen alone, and they on use alone. The desk has no rule
of its own about codes: each act is that of a command.
"""
