"""``herald setup``: some questions, whose answers become a ``.env``; each platform brings its own step."""
