"""One thin module a method, each from the library that agrees with R."""
