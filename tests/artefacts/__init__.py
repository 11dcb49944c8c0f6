"""The built functions under AWS' runtime emulator, against moto and a recording Discord."""
