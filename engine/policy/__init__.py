"""What the files of a workspace say together: decoded, named, typed and checked; nothing is evaluated here."""
