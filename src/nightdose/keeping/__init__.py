"""What a person does with a diary: one function an act, a store and values in, a value out.

Nothing here prints, asks or reads the clock: `today` and `now` are passed in. A face (`cli`, `web`) turns words into
values, calls one function and shows what comes back; an error says which `field` it is about.
"""
