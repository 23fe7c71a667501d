"""Steps that read single characters: encodings, entities, controls, Unicode forms, white space."""
