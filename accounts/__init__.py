"""The user model, registration with agreement to the terms in force, sign-in, application passwordsnand how an author is shown to the public."""
