"""The user model, registration with agreement to the terms, sign-in, application passwords,
and how an author is shown to the public."""
